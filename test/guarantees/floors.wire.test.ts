import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";

/** The floors of src/, top to bottom, below the folders that stand on the client. */
const floors = [
  "client",
  "many-calls",
  "call",
  "options",
  "tracing",
  "errors",
  "transport",
  "codec",
  "schema",
  "limits",
  "channels",
];
const onTheClient = ["cli", "nestjs", "otel", "outbox", "proxy", "testing", "token"];

/** The linter's refusals, as `file:line rule`. */
function refusals(files: Readonly<Record<string, string>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), "floors-"));
  try {
    for (const name of ["biome.json", ".gitignore"]) cpSync(name, join(folder, name));
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    const rules = ["style/noRestrictedImports", "suspicious/noImportCycles"].flatMap((rule) => [
      "--only",
      rule,
    ]);
    const biome = resolve("node_modules/.bin/biome");
    const { stdout } = spawnSync(biome, ["lint", ...rules, "--reporter=github", "--max-diagnostics=none"], {
      cwd: folder,
      encoding: "utf8",
    });
    return [
      ...stdout.replaceAll(`${folder}/`, "").matchAll(/title=lint\/\w+\/(\w+),file=([^,]+),line=(\d+)/g),
    ]
      .map(([, rule, file, line]) => `${file}:${line} ${rule}`)
      .sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("every folder of src is a floor, or stands on the client", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...floors, ...onTheClient].sort());
});

describe("import rules", () => {
  const folders = [...onTheClient, ...floors];
  let refused: string[] = [];
  beforeAll(() => {
    const files = folders.map((folder): [string, string] => {
      const lines = folders.map((other) => `export type { One as ${id(other)} } from "../${other}/one.ts";`);
      return [`src/${folder}/probe.ts`, `${lines.join("\n")}\n`];
    });
    const nested = 'import type { One } from "../../client/one.ts";\nexport type Two = One;\n';
    refused = refusals({ ...Object.fromEntries(files), "src/transport/grpc/probe.ts": nested });
  });
  const id = (folder: string) => folder.replace("-", "");

  test.each(floors)(
    "the linter refuses each import that goes up from %s, and no import that goes down",
    (floor) => {
      const above = folders.slice(0, onTheClient.length + floors.indexOf(floor));
      const lines = above.map(
        (folder) => `src/${floor}/probe.ts:${folders.indexOf(folder) + 1} noRestrictedImports`,
      );
      expect(refused.filter((line) => line.startsWith(`src/${floor}/probe.ts:`))).toEqual(lines.sort());
    },
  );

  test("the linter refuses imports of what makes calls from proxy", () => {
    const calling = ["cli", "nestjs", "testing", "client", "many-calls", "call"];
    const lines = calling.map(
      (name) => `src/proxy/probe.ts:${folders.indexOf(name) + 1} noRestrictedImports`,
    );
    expect(refused.filter((line) => line.startsWith("src/proxy/probe.ts:"))).toEqual(lines.sort());
  });

  test("the linter refuses an import that goes up from a folder within a floor", () => {
    expect(refused).toContain("src/transport/grpc/probe.ts:1 noRestrictedImports");
  });

  test("the linter refuses a circle of imports anywhere, also of types", () => {
    const circle = refusals({
      "bench/one.ts": 'import type { Two } from "./two.ts";\nexport type One = Two;\n',
      "bench/two.ts": 'import type { One } from "./one.ts";\nexport type Two = One;\n',
    });
    expect(circle).toEqual(["bench/one.ts:1 noImportCycles", "bench/two.ts:1 noImportCycles"]);
  });
});
