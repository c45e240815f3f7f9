// Fails if gen/ differs from the code that buf generates from proto/.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => statSync(join(folder, entry)).isFile()).sort();
}

const fresh = mkdtempSync(join(tmpdir(), "generated-"));
try {
  execFileSync("buf", ["generate", "--output", fresh], { stdio: "inherit" });
  const expected = join(fresh, "gen");
  const names = new Set([...filesBelow(expected), ...filesBelow("gen")]);
  const read = (folder: string, name: string) =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), "utf8") : undefined;
  const different = [...names].filter((name) => read(expected, name) !== read("gen", name));
  if (names.size === 0 || different.length > 0) {
    console.error(
      `gen/ differs from what buf generates from proto/: ${different.join(", ") || "nothing was generated"}`,
    );
    console.error("Run `npm run generate` and commit the result.");
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true });
}
