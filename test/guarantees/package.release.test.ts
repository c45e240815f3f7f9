import { execFileSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The packed package, installed outside of this project.
const app = mkdtempSync(join(tmpdir(), "packed-"));
const installed = join(app, "node_modules/tscent");

const esm = `
import { createRouterTransport } from "@connectrpc/connect";
import { createClient, type CentResult } from "tscent";
import { CentrifugoApi } from "tscent/api";
import { startTestServer } from "tscent/testing";

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
`;

const commonJs = `
const { createClient, CentRequestError } = require("tscent");
const { startTestServer } = require("tscent/testing");

(async () => {
  const server = await startTestServer();
  const cent = createClient({ url: server.httpUrl, apiKey: server.apiKey });
  const { offset } = await cent.publish({ channel: "chat", data: "hi" });
  const refused = await cent.publish({ channel: 5 }).catch((error) => error instanceof CentRequestError);
  await cent.close();
  await server.close();
  console.log(offset, refused);
})();
`;

/** Code of a library or a monorepo: TypeScript writes declarations of it. */
const library = `
import { createClient } from "tscent";

export const cent = createClient({ url: "http://localhost:8000/api" });
export const exact = createClient({ url: "http://localhost:8000/api", int64: "bigint" });
export function publishAll() {
  return cent.batch({ commands: [{ publish: { channel: "a", data: 1 } }, { history: { channel: "a" } }] });
}
export class Service {
  readonly cent = createClient({ url: "http://localhost:8000/api" });
}
`;

/** Code of a project that compiles without the DOM library. */
const withoutDom = `
import { createClient } from "tscent";

export const cent = createClient({ url: "http://localhost:8000/api", headers: { "x-a": "1" } });
// @ts-expect-error a number
export const wrong = createClient({ url: "http://localhost:8000/api", headers: 5 });
`;

const compilerOptions = {
  target: "es2024",
  lib: ["es2024", "esnext.disposable", "dom"],
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  types: ["node"],
};

beforeAll(() => {
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", app], {
    encoding: "utf8",
    stdio: "pipe",
  });
  const [{ filename }] = JSON.parse(packed.slice(packed.search(/^\[/m))) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", join(app, filename), "-C", installed, "--strip-components=1"]);
  const { dependencies } = JSON.parse(readFileSync(join(installed, "package.json"), "utf8")) as {
    dependencies: object;
  };
  for (const name of [...Object.keys(dependencies), "@types/node", "undici-types"]) {
    mkdirSync(dirname(join(app, "node_modules", name)), { recursive: true });
    symlinkSync(resolve("node_modules", name), join(app, "node_modules", name));
  }
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(join(app, "esm.ts"), esm);
  writeFileSync(join(app, "common.cjs"), commonJs);
  writeFileSync(join(app, "library.ts"), library);
  writeFileSync(join(app, "without-dom.ts"), withoutDom);
}, 60_000);

afterAll(() => rmSync(app, { recursive: true }));

function run(...command: [string, ...string[]]): string {
  const [file, ...call] = command;
  return execFileSync(file, call, { cwd: app, encoding: "utf8", stdio: "pipe" });
}

describe("the packed package", () => {
  /** The compiler's messages about a file in the app. */
  function complaints(file: string, options: object): string {
    const config = { compilerOptions: { ...compilerOptions, ...options }, files: [file] };
    writeFileSync(join(app, "tsconfig.json"), JSON.stringify(config));
    try {
      return run("tsc");
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

  test("the package's types do not need the DOM library", () => {
    // Connect's own declarations need the DOM library.
    const options = { lib: ["es2024", "esnext.disposable"], skipLibCheck: true, module: "nodenext" };
    expect(complaints("without-dom.ts", options)).toBe("");
  });

  test("TypeScript writes declarations of code that exports a client", () => {
    const emit = { noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: "declarations" };
    expect(complaints("library.ts", { module: "nodenext", ...emit })).toBe("");
  });

  test("the package runs in an ESM TypeScript project", () => {
    expect(run("node", "esm.ts")).toBe("hi 1\nhi 1\n[]\n");
  });

  test("CommonJS code can require the package", () => {
    expect(run("node", "common.cjs")).toBe("1 true\n");
  });

  test("no declaration imports from `#…`, which older module resolutions do not follow", () => {
    const declarations = readdirSync(join(installed, "dist"), { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".d.ts"))
      .map((file) => readFileSync(join(installed, "dist", file), "utf8"));
    expect(declarations.length).toBeGreaterThan(50);
    expect(declarations.filter((text) => /from "#|import\("#/.test(text))).toEqual([]);
    expect(declarations.some((text) => text.includes("api_pb.js"))).toBe(true);
  });

  test("the package has the expected files only", () => {
    const expected = [
      "ARCHITECTURE.md",
      "CHANGELOG.md",
      "CONTRIBUTING.md",
      "LICENSE",
      "README.md",
      "SECURITY.md",
      "bench",
      "dist",
      "docs",
      "gen",
      "package.json",
      "proto",
      "src",
    ];
    expect(readdirSync(installed).sort()).toEqual(expected);
    // The README shows and links to the results.
    expect(readdirSync(join(installed, "bench"))).toEqual(["results"]);
  });
});
