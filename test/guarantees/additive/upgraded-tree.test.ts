import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { additions, withAdditions } from "./newer-schema.ts";

/** A copy of the project with a newer schema in proto/ and the code that `buf generate` makes of it. */
const tree = mkdtempSync(join(tmpdir(), "upgraded-"));

const program = `
import type { BatchCommand, CentRequest, CentResult, MethodName } from "tscent";
import { createClient, unwrap } from "tscent";
import { startTestServer } from "tscent/testing";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const lone: Equal<Exclude<MethodName, keyof BatchCommandKeys>, "getUrlMap" | "health"> = true;
type BatchCommandKeys = { [Command in BatchCommand as keyof Command & string]: true };

const archive: CentRequest<"archive"> = { channel: "a", data: { any: "thing" }, version: 5n, positions: [1, 2n] };
const size: CentRequest<"shapes">["size"] = { case: "extent", value: { x: 1, inner: { note: "n" } } };
const health: CentResult<"health"> = { status: "fine", uptime: 3 };

await using server = await startTestServer({
  methods: {
    archive: ({ data, version }) => ({ offset: version ?? 0, data }),
    httpStats: () => ({ routes: { "/api": { count: 2, meanMs: 0.5 } }, byStatus: { 200: 2 } }),
    markRead: ({ offset }) => ({ changed: offset === 3 }),
    shapes: ({ points, size }) => ({ points: points ?? [], ...(size?.case === "area" ? { size } : {}), title: "" }),
    getUrlMap: ({ prefix = "" }) => ({ urls: { a: prefix + "a" } }),
    health: () => health,
  },
});

for (const transport of ["http", "grpc"] as const) {
  const url = transport === "http" ? server.httpUrl : server.grpcUrl;
  await using cent = createClient({ transport, url, apiKey: server.apiKey });
  const { offset, data } = await cent.archive<{ any: string }>(archive);
  const stats = await cent.httpStats();
  const { urls } = await cent.getUrlMap({ prefix: "/" });
  const { points, title, ...shapes } = await cent.shapes({ points: [{ x: 1 }], size: { case: "area", value: 2 } });
  const named = shapes.size.case === "area" ? shapes.size.value : undefined;
  const { status, uptime } = await cent.health();
  const { replies } = await cent.batch({
    commands: [{ markRead: { channel: "a", offset: 3 } }, { archive }, { publish: { channel: "a", data: 1, priority: "x" } }],
  });
  const [read, archived, published] = replies;
  unwrap(replies);
  const types: [number, string | undefined, number | undefined, boolean | undefined, number | undefined] = [
    offset, data?.any, stats.routes["/api"]?.count, read.ok ? read.result.changed : undefined,
    archived.ok ? archived.result.offset : undefined,
  ];
  const { publications, meta } = await cent.history<{ n: string }>({ channel: "b", limit: 1 });
  const noted: [string | undefined, { n: string } | undefined] = [publications[0]?.data.n, meta];
  await cent.batch({ commands: [], trace: "t" });
  const { storedAt } = published.ok ? published.result : { storedAt: -1 };
  // @ts-expect-error no such field
  await cent.archive({ chanel: "a" }).catch((error) => console.log(error.message));
  // @ts-expect-error not a batch command
  await cent.batch({ commands: [{ health: {} }] }).catch((error) => console.log(error.message));
  console.log(JSON.stringify({ types, urls, points, title, named, status, uptime, storedAt, noted, lone, size }));
}
`;

beforeAll(() => {
  for (const name of ["src", "scripts", "package.json", "tsconfig.json", "buf.yaml", "buf.gen.yaml"])
    cpSync(name, join(tree, name), { recursive: true });
  symlinkSync(resolve("node_modules"), join(tree, "node_modules"));
  const folder = join(tree, "proto/centrifugal/centrifugo/api");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "api.proto"), withAdditions(additions));
  writeFileSync(join(tree, "program.ts"), program);
  writeFileSync(
    join(tree, "tsconfig.json"),
    JSON.stringify({
      ...JSON.parse(readFileSync("tsconfig.json", "utf8")),
      include: ["src", "gen", "program.ts"],
    }),
  );
  run("buf", "generate");
}, 60_000);

afterAll(() => rmSync(tree, { recursive: true, force: true }));

function run(command: string, ...options: string[]): string {
  try {
    return execFileSync(command, options, { cwd: tree, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command}: ${stdout}${stderr}`, { cause: error });
  }
}

test("unedited sources and a program with new methods type-check with a newer schema", () => {
  expect(run("tsc", "-p", ".")).toBe("");
}, 60_000);

test("new methods work over both transports after `buf generate`", () => {
  const output = run("node", "--conditions=tscent-source", "program.ts").trim().split("\n");
  const refused = [
    "archive: chanel: unknown field; expected one of channel, data, version, shift, positions",
    "batch: commands[0]: unknown method health",
  ];
  const result = JSON.stringify({
    types: [5, "thing", 2, true, 5],
    urls: { a: "/a" },
    points: [{ x: 1, y: 0 }],
    title: "",
    named: 2,
    status: "fine",
    uptime: 3,
    storedAt: 0,
    noted: [null, null],
    lone: true,
    size: { case: "extent", value: { x: 1, inner: { note: "n" } } },
  });
  expect(output).toEqual([...refused, result, ...refused, result]);
}, 60_000);
