import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installPackage } from "../cli/install-package.ts";

const folder = mkdtempSync(join(tmpdir(), "user-programs-"));

beforeAll(async () => {
  writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await installPackage(folder, ["@types/node", "undici-types"]);
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

const compilerOptions = {
  target: "es2024",
  module: "nodenext",
  strict: true,
  declaration: true,
  isolatedDeclarations: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  outDir: "out",
};

/** The compiler's messages about a program, each with the lines that explain it. */
async function messagesOf(program: string): Promise<string[]> {
  writeFileSync(join(folder, "program.ts"), program);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["program.ts"] }));
  const compiled = promisify(execFile)("tsc", [], { cwd: folder });
  const { stdout } = await compiled.catch((error: { stdout: string }) => error);
  return stdout.split(/^program\.ts\(\d+,\d+\): /m).slice(1);
}

const library = `
import type {
  BatchCommand, CallOptions, CentClient, CentRequest, CentResult, ClientOptions, DefaultService, HistoryResult, Item,
  ManyProgress, ManyRun, Publication, PublishRequest, PublishResult, PublishResultBigint, SubscribeOptionOverride,
} from "tscent";
import { createClient, createCommand, unwrap } from "tscent";
import type { TestClient, TestMethods } from "tscent/testing";
import { createTestClient } from "tscent/testing";

interface Message { text: string }
interface Settings {
  key?: string | undefined;
  signal?: AbortSignal | undefined;
  pingIntervalMs?: number | undefined;
  json?: ClientOptions["json"];
  limit?: number | undefined;
  override?: SubscribeOptionOverride | undefined;
}
declare const settings: Settings;

export const options: ClientOptions = {
  url: "http://localhost:8000/api",
  apiKey: settings.key,
  json: settings.json,
  grpc: { pingIntervalMs: settings.pingIntervalMs },
  tls: { ca: undefined },
  batching: { maxBytes: undefined },
  retry: { maxAttempts: undefined },
  http: { fetch: undefined },
};
export const cent: CentClient = createClient(options);
export const exact: CentClient<DefaultService, "bigint"> = createClient({ url: "http://localhost:8000/api", int64: "bigint" });
const limits: CallOptions = { signal: settings.signal, headers: undefined, retry: undefined, timeoutMs: undefined };

export async function say(request: PublishRequest<Message>): Promise<PublishResult> {
  return await cent.publish(request, limits);
}
export const sayExactly = (request: CentRequest<"publish">): Promise<PublishResultBigint> => exact.publish(request);
export async function past(channel: string): Promise<HistoryResult<Message>> {
  return await cent.history<Message>({ channel, limit: settings.limit, since: undefined });
}
export async function texts(channel: string): Promise<string[]> {
  const { publications }: { publications: Publication<Message>[] } = await past(channel);
  return publications.map(({ data }) => data.text);
}
export async function first(commands: BatchCommand[]): Promise<Item<unknown> | undefined> {
  const { replies } = await cent.batch({ commands, parallel: undefined });
  return replies[0];
}
export async function both(channel: string): Promise<[CentResult<"publish">, CentResult<"presence">]> {
  const { replies } = await cent.batch({ commands: [{ publish: { channel, data: 1 } }, { presence: { channel } }] });
  return unwrap(replies);
}
export function start(rows: AsyncIterable<PublishRequest<Message>>): ManyRun<PublishResult> {
  return cent.publishMany(rows, { signal: settings.signal, maxCommands: undefined, onProgress: undefined });
}
export const counts = async (channels: Set<string>): Promise<ManyProgress> =>
  await cent.broadcastMany(channels, { data: 1, idempotencyKey: settings.key });
export const subscribe = (user: string): Promise<object> =>
  cent.subscribe({ channel: "a", user, override: settings.override, info: undefined });
export const command: object = createCommand("publish", { channel: "a", data: 1 }, { json: settings.json });
export const methods: TestMethods = { publish: () => ({ offset: 1, epoch: undefined }) };
export const inMemory: TestClient = createTestClient({ methods, config: undefined });
await cent.close({ timeoutMs: undefined });
`;

test("a library with isolatedDeclarations and exactOptionalPropertyTypes compiles", async () => {
  expect(await messagesOf(library)).toEqual([]);
}, 30_000);

test("the compiler says as little of a missing field in publishMany as in publish", async () => {
  const [list, published, variable, set, ...others] = await messagesOf(`
    import type { CentClient } from "tscent";
    declare const cent: CentClient;
    const rows = ["a"].map((channel) => ({ channel }));
    cent.publishMany([{ channel: "a" }]);
    cent.publish({ channel: "a" });
    cent.publishMany(rows);
    cent.publishMany(new Set(rows));`);
  expect(others).toEqual([]);
  expect(published).toMatch(
    /^error TS2741: Property 'data' is missing in type .* type 'PublishRequest<unknown>'\.\n$/,
  );
  expect(list).toBe(published);
  for (const message of [variable, set]) expect(message?.trim().split("\n")).toHaveLength(3);
}, 30_000);

test("the compiler names the second method of a batch command", async () => {
  const [message, ...others] = await messagesOf(`
    import type { CentClient } from "tscent";
    declare const cent: CentClient;
    cent.batch({ commands: [{ publish: { channel: "a", data: 1 }, history: { channel: "a" } }] });`);
  expect(others).toEqual([]);
  expect(message).toContain("Types of property 'history' are incompatible.");
}, 30_000);

test("the lint rule no-floating-promises sees a run that nobody awaits", async () => {
  const program = `
    import type { CentClient } from "tscent";
    declare const cent: CentClient;
    declare const rows: { channel: string; data: number }[];
    cent.publishMany(rows);
    cent.broadcastMany(["a"], { data: 1 });
    await cent.publishMany(rows);
    void cent.publishMany(rows);
    for await (const { ok } of cent.publishMany(rows)) console.log(ok);`;
  expect(await messagesOf(program)).toEqual([]);
  const rule = ["--allow=all", "--deny=typescript/no-floating-promises"];
  const linted = promisify(execFile)("oxlint", ["--type-aware", ...rule, "--format=unix", "program.ts"], {
    cwd: folder,
  });
  const { stdout } = await linted.catch((error: { stdout: string }) => error);
  expect(stdout.match(/^program\.ts:\d+.*/gm)).toEqual([
    expect.stringMatching(/^program\.ts:5:.*Promises must be awaited/),
    expect.stringMatching(/^program\.ts:6:.*Promises must be awaited/),
  ]);
}, 30_000);
