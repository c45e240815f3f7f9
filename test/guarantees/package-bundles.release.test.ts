import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { rolldown } from "rolldown";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import type { PackedPackage } from "../harness/packed-package.ts";
import { installPackedPackage } from "../harness/packed-package.ts";

const program = `
import { createClient } from "tscent";

const [, , httpUrl, grpcUrl, apiKey] = process.argv;
const publish = async (transport, url) => {
  const cent = createClient({ transport, url, apiKey });
  const { offset } = await cent.publish({ channel: transport, data: 1 });
  await cent.close();
  return transport + " " + offset;
};
Promise.all([publish("http", httpUrl), publish("grpc", grpcUrl)]).then((lines) => console.log(lines.join(", ")));
`;

/** Prints what an import of an entry point loads. */
const loaded = `
import { registerHooks } from "node:module";

const urls = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
await import(process.argv[2] ?? "tscent");
const packages = urls.flatMap((url) => /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1] ?? []);
const builtins = process.moduleLoadList.filter((name) => /^NativeModule (?:http2|tls|internal\\/deps\\/undici)/.test(name));
const files = urls.flatMap((url) => /\\/tscent\\/dist\\/(.*)/.exec(url)?.[1] ?? []);
console.log(JSON.stringify({ packages: [...new Set(packages)].sort(), count: urls.length, builtins, files }));
`;

/** Publishes over gRPC, and prints the files of protobuf-es that were loaded. */
const publishedOverGrpc = `
import { createRequire, registerHooks } from "node:module";

const urls = [];
registerHooks({
  load(url, context, next) {
    urls.push(url);
    return next(url, context);
  },
});
const require = createRequire(import.meta.url);
const [, , format, url, apiKey] = process.argv;
const { createClient } = format === "esm" ? await import("tscent") : require("tscent");
const cent = createClient({ transport: "grpc", url, apiKey });
await cent.publish({ channel: "chat", data: 1 });
await cent.close();
const files = urls.flatMap((url) => /@bufbuild\\/protobuf\\/dist\\/(.*)/.exec(url)?.[1] ?? []);
console.log(JSON.stringify(files));
`;

let packed: PackedPackage;
/** A folder without node_modules, where a bundle has to run alone. */
const alone = mkdtempSync(join(tmpdir(), "bundle-"));

beforeAll(() => {
  packed = installPackedPackage();
  writeFileSync(join(packed.app, "program.mjs"), program);
  writeFileSync(join(packed.app, "loaded.mjs"), loaded);
  writeFileSync(join(packed.app, "over-grpc.mjs"), publishedOverGrpc);
}, 60_000);

afterAll(() => {
  for (const folder of [packed.app, alone]) rmSync(folder, { recursive: true });
});

describe("bundles of the packed package", () => {
  test.each([
    ["esm", "mjs", "alone", () => alone],
    ["cjs", "cjs", "alone", () => alone],
    ["esm", "mjs", "beside node_modules", () => packed.app],
    ["cjs", "cjs", "beside node_modules", () => packed.app],
  ] as const)(
    "a bundle by rolldown in format %s, in a %s file %s, publishes over both transports",
    async (format, extension, _place, folder) => {
      const build = await rolldown({
        input: join(packed.app, "program.mjs"),
        cwd: packed.app,
        platform: "node",
        resolve: { symlinks: true },
      });
      const name = `bundle.${extension}`;
      await build.write({
        dir: folder(),
        format,
        entryFileNames: name,
        chunkFileNames: `[name].${extension}`,
      });
      await build.close();
      await using server = await startTestServer();
      const { httpUrl, grpcUrl, apiKey } = server;
      const { stdout } = await promisify(execFile)("node", [join(folder(), name), httpUrl, grpcUrl, apiKey]);
      expect(stdout).toBe("http 1, grpc 1\n");
    },
  );
});

test("an import of the package loads neither undici nor Connect, nor Node's HTTP/2, TLS and fetch", () => {
  const { packages, count, builtins } = JSON.parse(packed.run("node", "loaded.mjs")) as Record<
    string,
    unknown
  >;
  expect(packages).toEqual(["@bufbuild/protobuf", "tscent"]);
  expect(count).toBeLessThan(60);
  expect(builtins).toEqual([]);
});

test.each(["esm", "cjs"])(
  "a publish over gRPC in format %s loads protobuf-es once, without its main entry",
  async (format) => {
    await using server = await startTestServer();
    const args = [join(packed.app, "over-grpc.mjs"), format, server.grpcUrl, server.apiKey];
    const { stdout, stderr } = await promisify(execFile)("node", args, { cwd: packed.app });
    const files: string[] = JSON.parse(stdout);
    expect([files.filter((file) => !file.startsWith(`${format}/`)), stderr]).toEqual([[], ""]);
    expect(files).toContain(`${format}/from-binary.js`);
    expect(files).not.toContain(`${format}/index.js`);
  },
);

test("an import of tscent or tscent/proxy loads neither tscent/otel nor OpenTelemetry", () => {
  for (const entry of ["tscent", "tscent/proxy", "tscent/testing"]) {
    const { packages, files } = JSON.parse(packed.run("node", "loaded.mjs", entry)) as Record<
      string,
      string[]
    >;
    expect(packages?.filter((name) => name.includes("opentelemetry"))).toEqual([]);
    expect(files).not.toContain("otel.js");
  }
});

test("an import of tscent/otel loads OpenTelemetry's API, and no SDK", () => {
  const { packages, files } = JSON.parse(packed.run("node", "loaded.mjs", "tscent/otel")) as Record<
    string,
    string[]
  >;
  expect(packages).toEqual(["@bufbuild/protobuf", "@opentelemetry/api", "tscent"]);
  expect(files).toContain("otel.js");
});

test("an import of tscent/token loads jose, and neither protobuf nor the client", () => {
  const { packages, builtins } = JSON.parse(packed.run("node", "loaded.mjs", "tscent/token")) as Record<
    string,
    unknown
  >;
  expect(packages).toEqual(["jose", "tscent"]);
  expect(builtins).toEqual([]);
});

test.each([
  ["ES modules", ["loaded.mjs", "tscent/nestjs"]],
  ["CommonJS", ["loaded.mjs", "./nestjs.cjs"]],
])("an import of tscent/nestjs in %s loads neither the test server nor the proxy", (_format, args) => {
  mkdirSync(join(packed.app, "node_modules/@nestjs"), { recursive: true });
  const common = join(packed.app, "node_modules/@nestjs/common");
  if (!existsSync(common)) symlinkSync(resolve("node_modules/@nestjs/common"), common);
  writeFileSync(join(packed.app, "nestjs.cjs"), 'require("tscent/nestjs").CentModule.forRoot({ url: "" });');
  const { packages, files } = JSON.parse(packed.run("node", ...args)) as Record<string, string[]>;
  expect(packages).toContain("@nestjs/common");
  expect(files).toContain(args[1] === "tscent/nestjs" ? "nestjs.js" : "nestjs.cjs");
  expect(files?.filter((file) => /^(?:testing|proxy)/.test(file))).toEqual([]);
});

test("an import of tscent/channels loads no other package, and none of the client", () => {
  const { packages, count, builtins } = JSON.parse(packed.run("node", "loaded.mjs", "tscent/channels"));
  expect(packages).toEqual(["tscent"]);
  expect(count).toBeLessThan(4);
  expect(builtins).toEqual([]);
});

test("the client publishes with an undici that has other files inside", async () => {
  const undici = join(packed.app, "node_modules/undici");
  rmSync(undici);
  mkdirSync(undici);
  writeFileSync(join(undici, "package.json"), JSON.stringify({ name: "undici", main: "index.js" }));
  writeFileSync(
    join(undici, "index.js"),
    `module.exports = require(${JSON.stringify(resolve("node_modules/undici"))});`,
  );
  await using server = await startTestServer();
  const { httpUrl, grpcUrl, apiKey } = server;
  const args = [join(packed.app, "program.mjs"), httpUrl, grpcUrl, apiKey];
  const { stdout } = await promisify(execFile)("node", args, { cwd: packed.app });
  expect(stdout).toBe("http 1, grpc 1\n");
});
