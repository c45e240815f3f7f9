// Compares docs/reference.md with the schema in proto/, whose comments it has. `--write` writes the page.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { DescFile } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { getSyntaxComments } from "@bufbuild/protoplugin";
import { apiOf } from "./generate/api-of.ts";
import { proxyOf } from "./generate/proxy-of.ts";
import { releaseIn } from "./generate/release.ts";
import { printReference } from "./reference/print-reference.ts";

const page = "docs/reference.md";

const image = execFileSync("buf", ["build", "--as-file-descriptor-set", "--output", "-"]);
const files = [...createFileRegistry(fromBinary(FileDescriptorSetSchema, image)).files];
const events = files.flatMap((file) => proxyOf(file) ?? []);
const [text] = files.flatMap((file) => {
  const table = apiOf(file);
  return table === undefined ? [] : [printReference(table, releaseIn(headerOf(file)), events)];
});
if (text === undefined) throw new Error("proto/ has no schema of Centrifugo's API");
if (process.argv.includes("--write")) {
  mkdirSync("docs", { recursive: true });
  writeFileSync(page, text);
} else if (!existsSync(page) || readFileSync(page, "utf8") !== text) {
  console.error(`${page} differs from the schema in proto/. Run \`npm run docs\` and commit the result.`);
  process.exitCode = 1;
}

/** The comments above the package's own. */
function headerOf(file: DescFile): string {
  const { leading = "", leadingDetached } = getSyntaxComments(file);
  return [...leadingDetached, leading].join("\n");
}
