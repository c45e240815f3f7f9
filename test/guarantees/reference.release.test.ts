import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fixtureProject, ourProto, protoPath } from "../upgrade/fixture-project.ts";

test("a page of all methods that is out of date fails the check, and `npm run docs` writes it anew", () => {
  using project = fixtureProject();
  const check = (...options: string[]) => {
    const { status, stderr } = spawnSync("node", ["scripts/reference.ts", ...options], {
      cwd: project.path,
      encoding: "utf8",
    });
    return [status, stderr];
  };
  expect(check()).toEqual([0, ""]);
  writeFileSync(join(project.path, protoPath), ourProto.replace("// Channel to read.", "// Channel of all."));
  const complaint =
    "docs/reference.md differs from the schema in proto/. Run `npm run docs` and commit the result.\n";
  expect(check()).toEqual([1, complaint]);
  expect(check("--write")).toEqual([0, ""]);
  expect(project.read("docs/reference.md")).toContain("| `channel` | `string` | Channel of all. Required. |");
  expect(check()).toEqual([0, ""]);
});
