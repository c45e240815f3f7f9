// `npm run bench:size`: the size of an application, bundled and minified with all its dependencies.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { versions } from "./report/machine.ts";

interface Bundle {
  readonly title: string;
  readonly code: string;
  /** The conditions of package.json that the runtime asks for. A browser and a worker do not ask for `node`. */
  readonly conditions: readonly string[];
  readonly platform: "node" | "neutral";
}

const tscent = `export { createClient } from "tscent";`;
const schema = `export { CentrifugoApi } from "tscent/api";`;

const bundles: readonly Bundle[] = [
  { title: "tscent, HTTP over fetch (workers)", code: tscent, conditions: ["workerd"], platform: "neutral" },
  {
    title: "tscent, HTTP over fetch, and gRPC (Bun, Deno)",
    code: tscent,
    conditions: ["bun"],
    platform: "node",
  },
  { title: "tscent, whole, with undici (Node.js)", code: tscent, conditions: ["node"], platform: "node" },
  { title: "cent.js", code: `export { CentClient } from "cent.js";`, conditions: [], platform: "neutral" },
  {
    title: "connect-web and the generated schema",
    code: `export { createClient } from "@connectrpc/connect"; export { createGrpcWebTransport } from "@connectrpc/connect-web"; ${schema}`,
    conditions: [],
    platform: "neutral",
  },
  {
    title: "connect-node and the generated schema",
    code: `export { createClient } from "@connectrpc/connect"; export { createGrpcTransport } from "@connectrpc/connect-node"; ${schema}`,
    conditions: ["node"],
    platform: "node",
  },
  {
    title: "grpc-js and the generated schema",
    code: `export { Client, credentials, Metadata } from "@grpc/grpc-js"; export { fromBinary, toBinary } from "@bufbuild/protobuf"; ${schema}`,
    conditions: ["node"],
    platform: "node",
  },
];

const entry = "entry.js";
const root = fileURLToPath(new URL("..", import.meta.url));

async function bundle({ code, conditions, platform }: Bundle): Promise<{ minified: number; gzip: number }> {
  const build = await rolldown({
    input: entry,
    cwd: root,
    platform,
    resolve: {
      conditionNames: [...conditions, "import", "module", "default"],
      mainFields: ["module", "main"],
    },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? join(root, entry) : undefined),
        load: (id) => (id === join(root, entry) ? code : undefined),
      },
    ],
    onLog(level, log) {
      if (level === "warn" && log.code === "UNRESOLVED_IMPORT") throw new Error(log.message);
    },
  });
  const { output } = await build.generate({ minify: true, format: "esm", codeSplitting: false });
  await build.close();
  const bytes = Buffer.from(output.map((file) => (file.type === "chunk" ? file.code : "")).join(""));
  return { minified: bytes.byteLength, gzip: gzipSync(bytes, { level: 9 }).byteLength };
}

const kilobytes = (bytes: number) => (bytes / 1024).toFixed(1);
const made = Object.entries(versions()).map(([name, version]) => `${name} ${version}`);
const lines = [
  `Measured ${new Date().toISOString().slice(0, 10)} with ${made.join(", ")}.`,
  "",
  "| bundle | kB minified | kB gzip |",
  "| --- | --- | --- |",
];
for (const one of bundles) {
  const { minified, gzip } = await bundle(one);
  lines.push(`| ${one.title} | ${kilobytes(minified)} | ${kilobytes(gzip)} |`);
}
console.log(lines.join("\n"));
const results = fileURLToPath(new URL("results", import.meta.url));
mkdirSync(results, { recursive: true });
writeFileSync(join(results, "size.md"), `${lines.join("\n")}\n`);
