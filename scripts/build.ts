// `npm run build [-- <folder>]`: dist/ from src/ and gen/, as ES modules and as CommonJS, each with its declarations.
import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import type { OutputOptions, Plugin } from "rolldown";
import { rolldown } from "rolldown";
import { dts } from "rolldown-plugin-dts";

const output = resolve(process.argv[2] ?? "dist");
const generated = "gen/centrifugal/centrifugo/api/api_pb";

/** The files that package.json names. `#post` and `#grpc` choose one of two at run time. */
const exported = {
  index: "src/index",
  api: generated,
  testing: "src/testing/index",
  proxy: "src/proxy/index",
  token: "src/token/index",
  outbox: "src/outbox/index",
  nestjs: "src/nestjs/index",
  otel: "src/otel/index",
  channels: "src/channels/index",
};
const chosen = {
  "post-undici": "src/transport/http/undici-post-client",
  "post-fetch": "src/transport/http/fetch-post-client",
  grpc: "src/transport/grpc/transport",
  "no-grpc": "src/transport/grpc/unavailable-transport",
};

type Entries = Readonly<Record<string, string>>;
const sources = (entries: Entries) =>
  Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, `${path}.ts`]));
/** Dependencies stay imports: users share protobuf-es and Connect with their own code. */
const external = (id: string) => /^[^./]/.test(id) && id !== "#api" && id !== "descriptor-file";
/** jose has ES modules only, so CommonJS gets a copy of the parts that `tscent/token` uses, with its license. */
const externalToCommonJs = (id: string) => external(id) && !/^jose\//.test(id);
const joseLicense = `/*! jose, bundled below:\n${readFileSync("node_modules/jose/LICENSE.md", "utf8")}*/`;

const generatedText = readFileSync(`${generated}.ts`, "utf8");
const [encodedFile] = /fileDesc\("[^"]+"\)/.exec(generatedText) ?? [];
const [, errorPlace] =
  /ErrorSchema: GenMessage<Error> = [^;]*?messageDesc\(\w+, (\d+)\)/.exec(generatedText) ?? [];
if (encodedFile === undefined || errorPlace === undefined)
  throw new Error(`${generated}.ts has another form`);

/** Decodes the schema when `tscent/api` is imported, or the first client is created; see src/schema/default-api.ts. */
const lazySchema: Plugin = {
  name: "lazy-schema",
  resolveId: (id) => (id === "descriptor-file" ? id : undefined),
  load(id) {
    const imports = (names: string) => `import { ${names} } from "@bufbuild/protobuf/codegenv2";\n`;
    const file = `import { descriptorFile } from "descriptor-file";\n`;
    if (id === "descriptor-file")
      return `${imports("fileDesc")}let file; export const descriptorFile = () => (file ??= ${encodedFile});`;
    if (id.endsWith(`${generated}.ts`)) return file + generatedText.replace(encodedFile, "descriptorFile()");
    if (!id.endsWith("src/schema/default-api.ts")) return undefined;
    const api = "export const centrifugoApi = () => serviceDesc(descriptorFile(), 0);\n";
    const error = `export const errorSchema = () => messageDesc(descriptorFile(), ${errorPlace});\n`;
    return imports("messageDesc, serviceDesc") + file + api + error;
  },
};

const checkFiles =
  /src\/(?:options\/(?:option-checks|hide-in-logs|time-checks)|codec\/(?:caller-values|did-you-mean|integers|json-bytes|path-error|payload)\.|schema\/scalar-type|limits\/bytes-up-to)/;

async function bundle(entries: Entries, options: OutputOptions): Promise<void> {
  const build = await rolldown({
    input: sources(entries),
    platform: "node",
    external: options.format === "cjs" ? externalToCommonJs : external,
    resolve: { conditionNames: ["tscent-source"] },
    tsconfig: "tsconfig.build.json",
    plugins: [lazySchema],
  });
  // Few files load faster than many, and each entry needs most of the shared ones.
  const groups = [
    // A file of its own runs before the imports of undici, which fail on a Node.js that is too old.
    { name: "check-node", test: /src\/check-node/, priority: 2 },
    // `tscent/api` needs the schema, and none of the code.
    { name: "schema", test: /descriptor-file/, priority: 1 },
    // `tscent/token` needs these files, and none of protobuf.
    { name: "checks", minShareCount: 2, test: checkFiles, priority: 1 },
    { name: "shared", minShareCount: 2, test: /src\/(?!testing|cli|channels|nestjs|otel|outbox|proxy)/ },
    // Help needs no client.
    { name: "commands", minShareCount: 2, test: /src\/cli\/(?!connection\.)/ },
  ];
  await build.write({
    dir: output,
    codeSplitting: { groups },
    dynamicImportInCjs: false,
    comments: { jsdoc: false, annotation: true, legal: true },
    ...options,
  });
  await build.close();
}

/** TypeScript 7 has no JavaScript API in 7.0, so `tsc` writes a declaration for each source, and the plugin joins them. */
async function declare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    execFileSync("tsc", ["-p", "tsconfig.build.json", "--outDir", folder], { stdio: "inherit" });
    // `#api` is this package's own import, which TypeScript's older module resolutions do not follow.
    for (const file of globSync(join(folder, "src/**/*.d.ts"))) {
      const path = relative(dirname(file), join(folder, `${generated}.js`));
      writeFileSync(file, readFileSync(file, "utf8").replaceAll('"#api"', `"${path}"`));
    }
    const input = Object.entries(exported).map(([name, path]) => [name, join(folder, `${path}.d.ts`)]);
    const build = await rolldown({
      input: Object.fromEntries(input),
      external: (id) => !/^[./]/.test(id),
      plugins: [dts({ dtsOnly: true, tsconfig: false, generator: "oxc" })],
    });
    const names = { entryFileNames: "[name].d.ts", chunkFileNames: "[name].d.ts" };
    const { output: files } = await build.write({ dir: output, ...names });
    // The plugin writes ES modules only. CommonJS has the same declarations beside `.cjs` files.
    for (const file of files) {
      if (file.type !== "chunk") continue;
      const common = file.code.replaceAll(/(["'])(\.\/[\w-]+)\.js\1/g, '"$2.cjs"');
      writeFileSync(join(output, file.fileName.replace(/\.d\.ts$/, ".d.cts")), common);
    }
    await build.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

rmSync(output, { recursive: true, force: true });
await bundle(
  { ...exported, ...chosen, cli: "src/cli/main" },
  { format: "es", entryFileNames: "[name].js", chunkFileNames: "[name].js" },
);
await bundle(
  { ...exported, ...chosen },
  {
    ...{ format: "cjs", strict: true, entryFileNames: "[name].cjs", chunkFileNames: "[name].cjs" },
    banner: ({ name }) => (name === "token" ? joseLicense : ""),
  },
);
await declare();
