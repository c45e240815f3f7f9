import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { DeclarationFiles } from "../../scripts/public-api/declaration-files.ts";
import { printApi } from "../../scripts/public-api/print-api.ts";

/** The printed API of declaration files, whose entry points are `index.d.ts` and `more.d.ts`. */
function printed(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "declarations-"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
    }
    return printApi(new DeclarationFiles(folder), { first: "index.d.ts", second: "more.d.ts" });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the snapshot has the exports of each entry point, and the declarations that they use", () => {
  const files = {
    "index.d.ts": [
      'export type { Outside } from "another-package";',
      'export { make } from "./make.js";',
      'export type * from "./gen/types.ts";',
    ],
    "make.d.ts": [
      'import type { Result as Made } from "./gen/types.js";',
      "/** The snapshot has no comments. */",
      "interface Options {",
      "    /** The snapshot has no comments. */",
      "    size?: number;",
      "}",
      "type Unused = string;",
      "export declare function make(options: Options): Made;",
      "export declare function make(): undefined;",
    ],
    "gen/types.d.ts": ["export interface Result {", '    kind: "Unused";', "}"],
    "more.d.ts": [
      'export type { Result } from "./gen/types.js";',
      "export declare abstract class Thing {",
      "    #private;",
      "    name: string;",
      "}",
    ],
  };
  const lines = Object.entries(files).map(([file, text]) => [file, `${text.join("\n")}\n`]);
  expect(printed(Object.fromEntries(lines))).toBe(`// Exports of first

// Outside, of another package

interface Result {
    kind: "Unused";
}

function make(options: Options): Made;
function make(): undefined;

// Exports of second

// Result, as above

abstract class Thing {
    name: string;
}

// Declarations that these use

interface Options {
    size?: number;
}
`);
});
