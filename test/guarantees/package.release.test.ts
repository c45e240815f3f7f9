import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PackedPackage } from "../harness/packed-package.ts";
import { installPackedPackage } from "../harness/packed-package.ts";

const esm = `
import { createRouterTransport } from "@connectrpc/connect";
import { createClient, createCommand, type CentResult } from "tscent";
import { CentrifugoApi } from "tscent/api";
import { defineChannels } from "tscent/channels";
import { outboxInsert, type SqlQuery } from "tscent/outbox";
import { startTestServer } from "tscent/testing";
import { createTokens, type Tokens } from "tscent/token";

interface Chat { text: string }
await using server = await startTestServer();
for (const [transport, url] of [["http", server.httpUrl], ["grpc", server.grpcUrl]] as const) {
  await using cent = createClient({ transport, url, apiKey: server.apiKey });
  await cent.publish({ channel: transport, data: { text: "hi" } satisfies Chat });
  const history: CentResult<"history", Chat> = await cent.history<Chat>({ channel: transport, limit: 1 });
  console.log(history.publications[0]?.data.text, history.offset);
}
const transport = createRouterTransport(({ rpc }) => rpc(CentrifugoApi.method.info, () => ({ result: {} })));
console.log((await createClient({ transport }).info()).nodes);
const tokens: Tokens = createTokens({ hmac: "a secret of thirty-two bytes or more" });
console.log((await tokens.verify(await tokens.connection({ user: "42", expiresIn: "1h" }))).sub);
const query: SqlQuery = outboxInsert(createCommand("refresh", { user: "1" }), { table: "a", partitions: 1 });
console.log(query.values);
const data = { "~standard": { version: 1, vendor: "a test", validate: (value: unknown) => ({ value: value as Chat }) } } as const;
const typed = createClient({ url: server.httpUrl, apiKey: server.apiKey, channels: defineChannels({ "typed*": { data } }) });
console.log((await typed.publish({ channel: "typed1", data: { text: "hi" } })).offset);
`;

const commonJs = `
const { createClient, CentRequestError } = require("tscent");
const { startTestServer } = require("tscent/testing");
const { createTokens } = require("tscent/token");

(async () => {
  const server = await startTestServer();
  const cent = createClient({ url: server.httpUrl, apiKey: server.apiKey });
  const { offset } = await cent.publish({ channel: "chat", data: "hi" });
  const refused = await cent.publish({ channel: 5 }).catch((error) => error instanceof CentRequestError);
  await cent.close();
  await server.close();
  const tokens = createTokens({ hmac: "a secret of thirty-two bytes or more" });
  const { sub } = await tokens.verify(await tokens.connection({ user: "42", expiresIn: "1h" }));
  const loadsJose = Object.keys(require.cache).some((file) => file.includes("node_modules/jose"));
  console.log(offset, refused, sub, loadsJose);
})();
`;

/** An application in ES modules, and a library of its in CommonJS. */
const both = `
import { createRequire } from "node:module";
import * as ours from "tscent";
const theirs = createRequire(import.meta.url)("tscent");

const names = Object.keys(ours).filter((name) => /^Cent\\w*Error$/.test(name));
const cent = theirs.createClient({ url: "http://localhost:1/api", retry: false });
const error = await cent.publish({ channel: "chat", data: 1 }).catch((error) => error);
class Mine extends ours.CentNetworkError {}
console.log(JSON.stringify({
  copies: theirs.CentError !== ours.CentError,
  isCentError: ours.isCentError(error),
  classes: names.filter((name) => error instanceof ours[name]),
  made: names.filter((name) => !(Object.create(theirs[name].prototype) instanceof ours[name])),
  subclass: [error instanceof Mine, new Mine("x") instanceof Mine, new Mine("x") instanceof theirs.CentNetworkError],
}));
`;

/** TypeScript that is compiled to CommonJS. */
const commonTs = `
import { createClient, type CentClient } from "tscent";
import { CentrifugoApi } from "tscent/api";
import { instrumentTscent } from "tscent/otel";
import { outboxPartition } from "tscent/outbox";
import { createTestClient } from "tscent/testing";
import { createTokens } from "tscent/token";

const stop: () => void = instrumentTscent({ channels: true });
const { client }: { client: CentClient } = createTestClient();
client.publish({ channel: CentrifugoApi.name, data: 1 }).then(({ offset }) => {
  const shown: number = offset + outboxPartition("chat", 1);
  stop();
  console.log(shown);
});
// @ts-expect-error a number
export const wrong = () => createClient({ url: 5 });
// @ts-expect-error a number
export const wrongToken = () => createTokens({ hmac: "" }).connection({ user: 42, expiresIn: "1h" });
`;

/** Code of a library or a monorepo: TypeScript writes declarations of it. */
const library = `
import { createClient } from "tscent";
import { defineChannels, type StandardSchema } from "tscent/channels";

declare const data: StandardSchema<{ text: string }>;
export const channels = defineChannels({ "chat:*": { data } });
export const typed = createClient({ url: "http://localhost:8000/api", channels });
export const cent = createClient({ url: "http://localhost:8000/api" });
export const exact = createClient({ url: "http://localhost:8000/api", int64: "bigint" });
export function publishAll() {
  return cent.batch({ commands: [{ publish: { channel: "a", data: 1 } }, { history: { channel: "a" } }] });
}
export class Service {
  readonly cent = createClient({ url: "http://localhost:8000/api" });
}
`;

/** Code of a browser, which has the types of channels alone: no types of Node.js and of the browser. */
const frontend = `
import type { ChannelData, StandardSchema } from "tscent/channels";
import { defineChannels } from "tscent/channels";

declare const data: StandardSchema<{ text: string }>;
export const channels = defineChannels({ "chat:*": { data } });
export const shown: ChannelData<typeof channels, "chat:1"> = { text: "hi" };
// @ts-expect-error a text
export const wrong: ChannelData<typeof channels, "chat:1"> = { text: 1 };
`;

/** Code of a project that compiles without the DOM library. */
const withoutDom = `
import { createClient } from "tscent";
import { createTokens } from "tscent/token";

export const cent = createClient({ url: "http://localhost:8000/api", headers: { "x-a": "1" } });
// @ts-expect-error a number
export const wrong = createClient({ url: "http://localhost:8000/api", headers: 5 });
export const tokens = createTokens({ eddsa: { kty: "OKP", x: "" }, kid: "1" });
export const handler: (request: Request) => Promise<Response> = tokens.endpoint({ user: ({ url }) => url });
// @ts-expect-error a text
export const wrongKey = createTokens({ eddsa: 5, kid: "1" });
`;

const compilerOptions = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable", "dom"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  types: ["node"],
};

let packed: PackedPackage;

const programs = {
  "esm.ts": esm,
  "common.cjs": commonJs,
  "both.mjs": both,
  "typed.cts": commonTs,
  "frontend.ts": frontend,
  "library.ts": library,
  "without-dom.ts": withoutDom,
};

beforeAll(() => {
  packed = installPackedPackage();
  for (const [name, code] of Object.entries(programs)) writeFileSync(join(packed.app, name), code);
}, 60_000);

afterAll(() => rmSync(packed.app, { recursive: true }));

describe("the packed package", () => {
  /** The compiler's messages about a file in the app. */
  function complaints(file: string, options: object): string {
    const config = { compilerOptions: { ...compilerOptions, ...options }, files: [file] };
    writeFileSync(join(packed.app, "tsconfig.json"), JSON.stringify(config));
    try {
      return packed.run("tsc");
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  test.each([
    ["nodenext", "nodenext"],
    ["bundler", "esnext"],
  ])(
    "the package type-checks in an ESM TypeScript project with module resolution %s",
    (moduleResolution, module) => {
      expect(complaints("esm.ts", { module, moduleResolution })).toBe("");
    },
  );

  test("the package type-checks and runs in a TypeScript project that is compiled to CommonJS", () => {
    const options = { module: "nodenext", noEmit: false, outDir: "." };
    expect(complaints("typed.cts", options)).toBe("");
    expect(packed.run("node", "typed.cjs")).toBe("1\n");
  });

  test("the package's types do not need the DOM library", () => {
    // Connect's own declarations need the DOM library.
    const options = { lib: ["es2024", "esnext.disposable"], skipLibCheck: true, module: "nodenext" };
    expect(complaints("without-dom.ts", options)).toBe("");
  });

  test("the types of tscent/channels need no other types", () => {
    const options = {
      lib: ["es2020"],
      types: [],
      skipLibCheck: false,
      module: "esnext",
      moduleResolution: "bundler",
    };
    expect(complaints("frontend.ts", options)).toBe("");
  });

  test("TypeScript writes declarations of code that exports a client", () => {
    const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: "declarations" };
    expect(complaints("library.ts", { module: "nodenext", ...emit })).toBe("");
  });

  test("the package runs in an ESM TypeScript project", () => {
    const query = "[ 'refresh', '{\"user\":\"1\"}', 0 ]";
    expect(packed.run("node", "esm.ts")).toBe(`hi 1\nhi 1\n[]\n42\n${query}\n1\n`);
  });

  test("CommonJS code can require the package", () => {
    expect(packed.run("node", "common.cjs")).toBe("1 true 42 false\n");
  });

  test("each error class tells its errors from both copies, and a user's subclass only its own", () => {
    expect(JSON.parse(packed.run("node", "both.mjs"))).toEqual({
      copies: true,
      isCentError: true,
      classes: ["CentError", "CentNetworkError"],
      made: [],
      subclass: [false, true, true],
    });
  });
});
