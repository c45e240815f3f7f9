import { describe, expect, test } from "vitest";
import {
  BoolValueSchema,
  ErrorSchema,
  HistoryRequestSchema,
  MapEntrySchema,
  MetricsSchema,
  PublishRequestSchema,
} from "#api";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { JsonReadError } from "../../../src/codec/path-error.ts";

const publish = (json: string) => readMessage(PublishRequestSchema, json);

describe("integers", () => {
  test("integers are exact up to the ends of their range", () => {
    expect(publish('{"version":18446744073709551615}').version).toBe(18446744073709551615n);
    expect(publish('{"version":9007199254740993}').version).toBe(9007199254740993n);
    expect(readMessage(MapEntrySchema, '{"time":-9223372036854775808}').time).toBe(-9223372036854775808n);
    expect(readMessage(MapEntrySchema, '{"score":9223372036854775807}').score).toBe(9223372036854775807n);
    expect(readMessage(HistoryRequestSchema, '{"limit":-2147483648}').limit).toBe(-2147483648);
    expect(readMessage(ErrorSchema, '{"code":4294967295}').code).toBe(4294967295);
  });

  test("integers beyond their range are refused", () => {
    const refused = (read: () => unknown, expected: string) => expect(read).toThrow(expected);
    refused(
      () => publish('{"version":18446744073709551616}'),
      "version: expected an unsigned 64-bit integer",
    );
    refused(() => publish('{"version":-1}'), "version: expected an unsigned 64-bit integer, got -1");
    refused(
      () => readMessage(MapEntrySchema, '{"time":-9223372036854775809}'),
      "time: expected a 64-bit integer, got -9223372036854775809 at position 8",
    );
    refused(
      () => readMessage(MapEntrySchema, '{"score":9223372036854775808}'),
      "score: expected a 64-bit integer",
    );
    refused(
      () => readMessage(HistoryRequestSchema, '{"limit":2147483648}'),
      "limit: expected a 32-bit integer, got 2147483648",
    );
    refused(
      () => readMessage(ErrorSchema, '{"code":4294967296}'),
      "code: expected an unsigned 32-bit integer",
    );
    refused(() => readMessage(ErrorSchema, '{"code":-1}'), "code: expected an unsigned 32-bit integer");
  });

  test("unsigned integers cannot be -0", () => {
    expect(() => publish('{"version":-0}')).toThrow("version: expected an unsigned 64-bit integer, got -0");
    expect(readMessage(HistoryRequestSchema, '{"limit":-0}').limit).toBe(0);
  });

  test("integers in any other form are refused", () => {
    for (const form of [
      '"5"',
      "1e3",
      "1.0",
      "1.5",
      "01",
      "+1",
      "-",
      "0x1",
      "1n",
      "true",
      "[1]",
      "{}",
      "NaN",
      "1_0",
    ]) {
      expect(() => publish(`{"version":${form}}`), form).toThrow(JsonReadError);
      expect(() => readMessage(HistoryRequestSchema, `{"limit":${form}}`), form).toThrow(JsonReadError);
    }
  });
});

describe("other scalars", () => {
  test("doubles take every form of a JSON number, and no other form", () => {
    const interval = (json: string) => readMessage(MetricsSchema, `{"interval":${json}}`).interval;
    expect([interval("60"), interval("0.5"), interval("-1.5e-3"), interval("1E+2")]).toEqual([
      60, 0.5, -0.0015, 100,
    ]);
    for (const form of ['"1"', "1.", ".5", "1e", "Infinity", "NaN", "1e400", "true"]) {
      expect(() => interval(form), form).toThrow(`interval: expected a number, got ${form} at position 12`);
    }
  });

  test("booleans are true or false without quotes", () => {
    expect(readMessage(BoolValueSchema, '{"value":true}').value).toBe(true);
    expect(readMessage(BoolValueSchema, '{"value":false}').value).toBe(false);
    for (const form of ['"true"', "1", "TRUE", "truee", "[]"]) {
      expect(() => readMessage(BoolValueSchema, `{"value":${form}}`), form).toThrow(
        "value: expected true or false",
      );
    }
  });

  test("strings have their escapes resolved", () => {
    const { channel } = publish(String.raw`{"channel":"\"\\\/\b\f\n\r\t\u0000\u00e9\ud83d\ude00é😀"}`);
    expect(channel).toBe('"\\/\b\f\n\r\t\u0000é😀é😀');
  });

  test("half a surrogate pair reads as U+FFFD, as on the server", () => {
    expect(publish(String.raw`{"channel":"a\ud800b"}`).channel).toBe("a\ufffdb");
    expect(publish(String.raw`{"channel":"\udc00\ud800"}`).channel).toBe("\ufffd\ufffd");
  });

  test("strings of any other form are refused", () => {
    const forms = ["1", "true", "[]", "{}", "'a'", '"\n"', '"\u0000"', '"\\x"', '"\\u12g4"', '"\\', '"a'];
    for (const form of forms) expect(() => publish(`{"channel":${form}}`), form).toThrow(JsonReadError);
  });
});
