import { Readable } from "node:stream";
import { expect, test } from "vitest";
import { CliError } from "../../src/cli/cli-error.ts";
import { linesOf } from "../../src/cli/read-text.ts";

const linesIn = (chunks: readonly Uint8Array[]) => Readable.from(linesOf(Readable.from(chunks))).toArray();

test("lines end only with a line feed, wherever the chunks end", async () => {
  const text = "one\n\u2028tw\u00f6\r\n\nlast";
  const bytes = Buffer.from(text);
  const expected = ["one", "\u2028tw\u00f6\r", "", "last"];
  expect(await linesIn([bytes])).toEqual(expected);
  expect(await linesIn([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  expect(await linesIn([Buffer.from("one\n")])).toEqual(["one"]);
  expect(await linesIn([])).toEqual([]);
});

test("a line without an end is refused, and not read for ever", async () => {
  let chunks = 0;
  async function* endless() {
    for (yield Buffer.from("first\n"); chunks < 100; chunks++) yield Buffer.alloc(1024 * 1024, "x");
  }
  const lines = linesOf(endless());
  expect(await lines.next()).toEqual({ done: false, value: "first" });
  await expect(lines.next()).rejects.toThrow(new CliError("line 2: expected at most 16777216 bytes"));
  expect(chunks).toBe(16);
});
