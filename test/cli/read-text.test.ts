import { Readable } from "node:stream";
import { expect, test } from "vitest";
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
