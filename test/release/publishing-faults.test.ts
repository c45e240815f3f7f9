import { expect, test } from "vitest";
import { publishingFaults } from "../../scripts/release/publishing-faults.ts";

const fields = {
  repository: { type: "git", url: "git+https://github.com/owner/name.git" },
  homepage: "https://example.com",
  bugs: "https://example.com/bugs",
  author: "Ann",
};

test("a package with all fields of its publisher has no fault, on any machine", () => {
  expect(publishingFaults(fields, undefined)).toEqual([]);
  expect(publishingFaults(fields, "owner/name")).toEqual([]);
  expect(publishingFaults({ ...fields, repository: "github:owner/name" }, "owner/name")).toEqual([]);
});

test.each(["repository", "homepage", "bugs", "author"])("a package without %s is not published", (name) => {
  expect(publishingFaults({ ...fields, [name]: undefined }, "owner/name")).toEqual([
    `package.json has no \`${name}\``,
  ]);
});

test("a fork does not publish the package of another repository", () => {
  expect(publishingFaults(fields, "fork/name")).toEqual([
    "`repository` in package.json is owner/name, and the release runs in fork/name",
  ]);
  expect(publishingFaults(fields, "owner/other-name")).toHaveLength(1);
});
