import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

/** The fixture `try-client.ts`: as it is, or as JavaScript in ES modules or CommonJS. */
export function tryClientSource(form: "ts" | "mjs" | "cjs"): string {
  const source = readFileSync(new URL("fixtures/try-client.ts", import.meta.url), "utf8");
  if (form === "ts") return source;
  const script = stripTypeScriptTypes(source);
  return form === "mjs" ? script : asCommonJs(script);
}

/** A program that tries the client over transports, and prints their names. */
export function tryProgram(form: "mjs" | "cjs", transports: readonly string[] = ["http", "grpc"]): string {
  const main = `
    const names = [];
    (async () => {
      for (const transport of ${JSON.stringify(transports)}) names.push(await tryClient(transport, serverAddress()));
      console.log(names.join(" "));
    })().catch((error) => {
      console.error(error);
      process.exitCode = 1;
    });`;
  return tryClientSource(form) + main;
}

/** A module that imports each entry point of the package, and exports them by name. */
export function entriesModule(entries: readonly string[]): string {
  const imports = entries.map((name, index) => `import * as entry${index} from "${name}";\n`);
  const pairs = entries.map((name, index) => `  "${name}": entry${index},\n`);
  return `${imports.join("")}\nexport const entries = {\n${pairs.join("")}};\n`;
}

function asCommonJs(script: string): string {
  const exported = [...script.matchAll(/^export (?:async )?function (\w+)/gm)].map(([, name]) => name);
  const body = script
    .replaceAll(/^import (\{[^}]*\}) from ("[^"]+");/gm, "const $1 = require($2);")
    .replaceAll(/^export (?=async function|function)/gm, "");
  return `${body}\nmodule.exports = { ${exported.join(", ")} };\n`;
}
