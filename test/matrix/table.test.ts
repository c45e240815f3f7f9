import { expect, test } from "vitest";
import { rows } from "./rows.ts";
import { rowsOf, withRows } from "./table.ts";

const page = "# Page\n\n| where | what ran |\n| --- | --- |\n| a | old |\n| gone | old |\n\nText.\n";
const outcome = (name: string, ran: string) => ({
  row: { group: "", name, run: async () => ran },
  ran,
});

test("docs/runtimes.md has the rows of the matrix, in their order", () => {
  expect([...rowsOf().keys()]).toEqual(rows.map(({ name }) => name));
});

test("no two rows of the matrix have the same name", () => {
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});

test("writing the table replaces the rows that ran, and drops the rows that are gone", () => {
  const written = withRows(page, [outcome("b", "new")], ["a", "b"]);
  expect(written).toBe("# Page\n\n| where | what ran |\n| --- | --- |\n| a | old |\n| b | new |\n\nText.\n");
});

test("writing the table without an outcome for a new row throws", () => {
  expect(() => withRows(page, [], ["a", "b"])).toThrow("run the row b, too");
});
