import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchResponseSchema, HistoryResponseSchema, PublicationSchema, PublishRequestSchema } from "#api";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { JsonBytes } from "../../../src/codec/json-bytes.ts";

describe("members in any order", () => {
  // The reader guesses each member's name from the object before. No such object may change the result.
  const member = fc.oneof(
    fc.constantFrom(
      '"data":{"a":1}',
      '"Data":[2]',
      '"offset":7',
      '"OFFSET":8',
      '"tags":{"k":"v"}',
      '"tags":{}',
    ),
    fc.constantFrom('"info":{"client":"c","user":"u"}', '"info":{"user":"u"}', '"info":null', '"inf":1'),
    fc.constantFrom('"nope":{"offset":1}', '"d":1', '"datas":[]', '"data2":1', '"\\u0064ata":3', '"" : 1'),
  );
  const publication = fc.array(member, { maxLength: 6 }).map((members) => `{${members.join(" , ")}}`);

  test("a publication in a list reads as it does alone, with members in any order", () => {
    fc.assert(
      fc.property(fc.array(publication, { maxLength: 8 }), (texts) => {
        const alone = texts.map((text) => readMessage(PublicationSchema, text));
        const together = readMessage(
          HistoryResponseSchema,
          `{"result":{"publications":[${texts.join(",")}]}}`,
        );
        expect(together.result?.publications ?? []).toEqual(alone);
      }),
      { numRuns: 300 },
    );
  });

  test("the last value of a member counts, in any spelling of its name", () => {
    const name = fc.constantFrom("data", "Data", "\\u0064ata", "DATA", "dat", "datas", "offset", "");
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.integer({ min: 0, max: 9 })), { maxLength: 6 }), (members) => {
        const text = `{${members.map(([written, value]) => `"${written}":${value}`).join(",")}}`;
        const isData = ([written]: [string, number]) => JSON.parse(`"${written}"`).toLowerCase() === "data";
        const last = members.findLast(isData)?.[1];
        const { data } = readMessage(PublicationSchema, text);
        expect(data).toEqual(last === undefined ? new Uint8Array() : new JsonBytes(`${last}`));
      }),
      { numRuns: 300 },
    );
  });

  test("the replies of a batch are read, each of another method", () => {
    const text = `{"replies":[{"publish":{"offset":1}},{"history":{"offset":2}},{"error":{"code":3}},
      {"publish":{"epoch":"e","offset":4}},{"history":{"epoch":"f"}},{}]}`;
    expect(readMessage(BatchResponseSchema, text).replies).toMatchObject([
      { publish: { offset: 1n, epoch: "" } },
      { history: { offset: 2n } },
      { error: { code: 3 } },
      { publish: { offset: 4n, epoch: "e" } },
      { history: { epoch: "f", offset: 0n } },
      {},
    ]);
  });
});

test("an integer of any length is exact, or refused if it is too large", () => {
  const digits = fc
    .integer({ min: 1, max: 22 })
    .chain((length) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
        .map((list) => list.join("")),
    );
  fc.assert(
    fc.property(digits, fc.constantFrom("", " ", "\n"), (written, space) => {
      const read = () => readMessage(PublishRequestSchema, `{"version":${space}${written}${space}}`).version;
      if (/^0./.test(written) || BigInt(written) >= 2n ** 64n) expect(read).toThrow("version: expected");
      else expect(read()).toBe(BigInt(written));
    }),
    { numRuns: 500 },
  );
});

describe("data with the reply's bytes", () => {
  const read = (text: string, bytes?: Uint8Array) => {
    const { result } = readMessage(HistoryResponseSchema, text, bytes);
    if (result === undefined) throw new Error("no result");
    return result.publications.map(({ data }) => data as JsonBytes);
  };
  const reply = (...data: string[]) =>
    `{"result":{"publications":[${data.map((one) => `{"data": ${one} }`).join(",")}]}}`;

  test.each([
    ["ASCII", ['{"a":1}', '"x"', "[ ]"]],
    ["other characters", ['{"é":"😀"}', '"\u0080"', "1"]],
    ["escapes, which are ASCII", ['"\\u00e9\\ud800"', '"\\""']],
  ])("data is the same with and without the reply's bytes: %s", (_name, written) => {
    const text = reply(...written);
    const bytes = new TextEncoder().encode(text);
    const within = new Uint8Array([1, 2, 3, ...bytes, 4]).subarray(3, 3 + bytes.length);
    const expected = read(text).map((data) => [data.text, data.value, [...data]]);
    expect(expected).toHaveLength(written.length);
    for (const given of [bytes, within, Buffer.from(text)]) {
      const found = read(text, given);
      expect(found.map((data) => [data.text, data.value, [...data]])).toEqual(expected);
      for (const data of found) expect(data).toBeInstanceOf(JsonBytes);
    }
  });

  test("ASCII data is a view of the reply's bytes", () => {
    const text = reply('{"a":1}', "[]");
    const bytes = new TextEncoder().encode(text);
    const found = read(text, bytes);
    expect(found).toHaveLength(2);
    for (const data of found) expect(data.buffer).toBe(bytes.buffer);
  });

  // The reader finds the end of a value by quotes, escapes and brackets, so strings have these anywhere.
  const part = fc.constantFrom("a", "bcdefgh", '\\"', "\\\\", "[", "}", ",", '"', ":", "\\u0041");
  const string = fc.array(part, { maxLength: 12 }).map((parts) => `"${parts.join("")}"`);
  const value = fc.oneof(
    string,
    fc.array(string, { maxLength: 4 }).map((strings) => `[${strings.join(",")}]`),
    fc
      .array(string, { maxLength: 4 })
      .map((strings) => `{"a":{${strings.map((one) => `${one}:1`).join(",")}}}`),
  );

  test("random data is read or refused alike with and without the reply's bytes", () => {
    const outcome = (text: string, bytes?: Uint8Array) => {
      try {
        return read(text, bytes).map((data) => data.text);
      } catch (error) {
        return String(error);
      }
    };
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 3 }), fc.nat({ max: 20 }), (data, cut) => {
        const whole = reply(...data);
        for (const text of [whole, whole.slice(0, whole.length - cut)]) {
          const found = outcome(text, new TextEncoder().encode(text));
          expect(found).toEqual(outcome(text));
          if (Array.isArray(found)) accepted++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });

  test("data may have strings of every length", () => {
    for (let length = 0; length < 40; length++) {
      for (const end of ["", '\\"', "\\\\"]) {
        const data = `["${"x".repeat(length)}${end}",["]"],"${end}${"y".repeat(length)}"]`;
        const text = reply(data, "1");
        expect(read(text, new TextEncoder().encode(text)).map((one) => one.text)).toEqual([data, "1"]);
      }
    }
  });
});
