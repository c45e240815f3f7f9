import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

// Inside the project, so that "tscent" is the project itself.
const folder = join(".snippets", "required-url");
const program = `import { createClient } from "tscent";
createClient({ apiKey: "key" });
createClient({ url: process.env.CENT_URL, apiKey: "key" });
createClient({ url: process.env.CENT_URL ?? "http://localhost:8000/api", apiKey: "key" });
`;

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "program.ts"), program);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([true, false])(
  "createClient without url does not compile, with exactOptionalPropertyTypes %s",
  (exactOptionalPropertyTypes) => {
    const config = {
      extends: "../../tsconfig.json",
      compilerOptions: { exactOptionalPropertyTypes },
      include: ["*.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const { stdout } = spawnSync("tsc", ["-p", folder], { encoding: "utf8" });
    const ours = stdout.split(/^(?=\S)/m).filter((error) => error.includes("program.ts"));
    expect(ours).toHaveLength(2);
    expect(ours[0]).toMatch(/^\S*program\.ts\(2,.*Property 'url' is missing/s);
    expect(ours[1]).toMatch(/^\S*program\.ts\(3,.*Type 'undefined' is not assignable/s);
  },
  30_000,
);
