// Compares the declarations that users of the package see with test/guarantees/public-api.txt, so that a review shows each
// change of the API. `--write` updates that file. Not in it: `tscent/api`, which is what protoc-gen-es makes of the schema.
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeclarationFiles } from "./public-api/declaration-files.ts";
import { printApi } from "./public-api/print-api.ts";

const snapshot = "test/guarantees/public-api.txt";
const entries = {
  tscent: "src/index.d.ts",
  "tscent/channels": "src/channels/index.d.ts",
  "tscent/nestjs": "src/nestjs/index.d.ts",
  "tscent/otel": "src/otel/index.d.ts",
  "tscent/outbox": "src/outbox/index.d.ts",
  "tscent/proxy": "src/proxy/index.d.ts",
  "tscent/testing": "src/testing/index.d.ts",
  "tscent/token": "src/token/index.d.ts",
};

const folder = mkdtempSync(join(tmpdir(), "public-api-"));
try {
  const emit = ["--emitDeclarationOnly", "--declarationMap", "false", "--sourceMap", "false"];
  execFileSync("tsc", ["-p", "tsconfig.build.json", ...emit, "--outDir", folder], { stdio: "inherit" });
  const text = printApi(new DeclarationFiles(folder), entries);
  if (process.argv.includes("--write")) {
    writeFileSync(snapshot, text);
  } else if (!existsSync(snapshot) || readFileSync(snapshot, "utf8") !== text) {
    const made = join(folder, "public-api.txt");
    writeFileSync(made, text);
    spawnSync("git", ["--no-pager", "diff", "--no-index", "--", snapshot, made], { stdio: "inherit" });
    console.error("The public declarations have changed. Run `npm run api`, and commit the result.");
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
