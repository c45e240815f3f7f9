import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { rows } from "./rows.ts";
import { page as pageFile, rowsOf, withRows, withSummary } from "./table.ts";

const page = "# Page\n\n| where | what ran |\n| --- | --- |\n| a | old |\n| gone | old |\n\nText.\n";
const outcome = (name: string, ran: string) => ({
  row: { group: "", name, run: async () => ran },
  ran,
});

test("docs/runtimes.md has the rows of the matrix, in their order", () => {
  expect([...rowsOf(readFileSync(pageFile, "utf8")).keys()]).toEqual(rows.map(({ name }) => name));
});

test("the README's table has the names and versions of docs/runtimes.md", () => {
  const readme = readFileSync("README.md", "utf8");
  expect(readme).toBe(withSummary(readme, readFileSync(pageFile, "utf8"), rows));
});

test("the README's table names each tool and version of a group once", () => {
  const readme = "| | where the package is tried |\n| --- | --- |\n| old | a |\n";
  const text = `| where | what ran |
| --- | --- |
| Node.js 22.19 | 22.19.0: HTTP |
| Node.js 24 | 24.1.0: HTTP |
| webpack (ES modules) | 5.1.0: HTTP |
| webpack --cjs | 5.1.0: HTTP |
| AWS Lambda | Node.js 24.1.0: HTTP |
`;
  const group = (name: string, ...names: string[]) => names.map((row) => ({ group: name, name: row }));
  const some = [
    ...group("runtimes", "Node.js 22.19", "Node.js 24"),
    ...group("bundlers", "webpack (ES modules)", "webpack --cjs", "AWS Lambda"),
  ];
  expect(withSummary(readme, text, some)).toBe(`| | where the package is tried |
| --- | --- |
| runtimes | Node.js 22.19.0, Node.js 24.1.0 |
| bundlers | webpack 5.1.0, AWS Lambda |
`);
});

test("no two rows of the matrix have the same name", () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});

test("writing the table replaces the rows that ran, and drops the rows that are gone", () => {
  const written = withRows(page, [outcome("b", "new")], ["a", "b"]);
  expect(written).toBe("# Page\n\n| where | what ran |\n| --- | --- |\n| a | old |\n| b | new |\n\nText.\n");
});

test("a skipped row keeps its line", () => {
  const skipped = { row: outcome("a", "").row, skipped: "no redis-server" };
  expect(withRows(page, [skipped], ["a"])).toContain("| a | old |");
});

test("writing the table without an outcome for a new row throws", () => {
  expect(() => withRows(page, [], ["a", "b"])).toThrow("run the row b, too");
});
