import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { JsonBytes } from "../../src/codec/json-bytes.ts";
import { PathError } from "../../src/codec/path-error.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { createClient } from "../../src/index.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

const payload = createPayload(undefined);
const bytes = (text: string) => new TextEncoder().encode(text);

describe("data", () => {
  test("data is written as JSON.stringify does", () => {
    class Point {
      x = 1;
      toJSON() {
        return [this.x];
      }
    }
    for (const value of [
      null,
      true,
      0,
      -1.5,
      "",
      "é",
      [],
      {},
      { a: [1, undefined, { b: null }], c: undefined },
      new Date(0),
      new Point(),
    ]) {
      const encoded = payload.encode(value);
      expect(encoded).toBeInstanceOf(JsonBytes);
      expect(new TextDecoder().decode(encoded)).toBe(JSON.stringify(value));
    }
  });

  test("data in a Uint8Array is copied as it is", () => {
    const elsewhere = runInNewContext("new Uint8Array([1, 2])") as Uint8Array;
    for (const binary of [new Uint8Array([0, 255]), Buffer.from("{}"), new Uint8Array(), elsewhere]) {
      const encoded = payload.encode(binary);
      expect(encoded).not.toBeInstanceOf(JsonBytes);
      expect([...encoded]).toEqual([...binary]);
      expect(encoded.buffer).not.toBe(binary.buffer);
    }
  });

  test.each([
    ["undefined", undefined, "expected JSON or a Uint8Array, got undefined"],
    ["a function", () => 1, "expected JSON or a Uint8Array, got function"],
    ["a symbol", Symbol("a"), "expected JSON or a Uint8Array, got symbol"],
    ["a BigInt", 1n, "JSON.stringify: Do not know how to serialize a BigInt"],
    ["a BigInt inside", { a: [1n] }, "JSON.stringify: Do not know how to serialize a BigInt"],
    [
      "an object whose toJSON gives undefined",
      { toJSON: () => undefined },
      "expected JSON or a Uint8Array, got object",
    ],
    ["an ArrayBuffer", new ArrayBuffer(1), "got a ArrayBuffer"],
    ["a DataView", new DataView(new ArrayBuffer(1)), "got a DataView"],
    ["another typed array", new Float32Array(1), "got a Float32Array"],
    ["a Map", new Map([["a", 1]]), "got a Map"],
    ["a Set", new Set([1]), "got a Set"],
  ])("data that is %s is refused", (_name, value, problem) => {
    expect(() => payload.encode(value)).toThrow(PathError);
    expect(() => payload.encode(value)).toThrow(problem);
  });

  test("data with a circular reference is refused", () => {
    const circle: { self?: unknown } = {};
    circle.self = circle;
    expect(() => payload.encode(circle)).toThrow(/^JSON.stringify: Converting circular structure/);
  });

  test("data whose toJSON throws is refused, with the error as the cause", () => {
    const cause = new Error("no");
    const value = {
      toJSON() {
        throw cause;
      },
    };
    expect(() => payload.encode(value)).toThrow(
      expect.objectContaining({ message: "JSON.stringify: no", cause }),
    );
  });
});

describe("received data", () => {
  test("received data is parsed", () => {
    expect(payload.decode(bytes(' {"a":[1,"é"]}\n'))).toEqual({ a: [1, "é"] });
    expect(payload.decode(bytes("null"))).toBe(null);
    expect(payload.decode(new JsonBytes("[1]"))).toEqual([1]);
  });

  test("received data is not parsed a second time", () => {
    const value = { parsed: "before" };
    expect(payload.decode(new JsonBytes("{}", value))).toBe(value);
  });

  test("received data that is not JSON becomes a copy of its bytes", () => {
    const reply = new Uint8Array([1, 0, 255, 1]);
    for (const binary of [
      reply.subarray(1, 3),
      bytes("not json"),
      new Uint8Array([34, 255, 34]),
      bytes("\ufeff1"),
    ]) {
      const decoded = payload.decode(binary) as Uint8Array;
      expect(decoded).toStrictEqual(new Uint8Array(binary));
      expect(decoded.buffer).not.toBe(binary.buffer);
      expect(decoded.buffer.byteLength).toBe(binary.length);
    }
  });
});

describe("the option json", () => {
  // Like superjson: a Date is written as an object that names its type.
  const json = {
    stringify: (value: unknown) =>
      JSON.stringify(value, function (this: Record<string, unknown>, key, plain) {
        return this[key] instanceof Date ? { $date: this[key].getTime() } : plain;
      }),
    parse: (text: string) =>
      JSON.parse(text, (_key, value) => (value?.$date === undefined ? value : new Date(value.$date))),
  };

  test("the caller's json writes and reads data", async () => {
    const at = new Date(1_700_000_000_000);
    const { fetch, sent } = scriptedFetch(
      '{"result":{"publications":[{"data":{"at":{"$date":1700000000000}},"offset":1}],"epoch":"e","offset":1}}',
    );
    const client = createClient({ url: "http://centrifugo.test/api", http: { fetch }, json });
    await client.publish({ channel: "a", data: { at } });
    const { publications } = await client.history<{ at: Date }>({ channel: "a", limit: 1 });
    expect(sent[0]?.body).toBe('{"channel":"a","data":{"at":{"$date":1700000000000}}}');
    expect(publications[0]?.data.at).toEqual(at);
  });

  test("the caller's json never gets a Uint8Array, nor bytes that are not JSON", () => {
    const unused = () => {
      throw new Error("not to be called");
    };
    const codec = createPayload({ stringify: unused, parse: unused });
    const binary = new Uint8Array([255]);
    expect(codec.encode(binary)).toEqual(binary);
    expect(codec.decode(binary)).toEqual(binary);
  });

  test("the caller's json gets undefined and BigInt", () => {
    const codec = createPayload({ stringify: (value) => `"${typeof value}"`, parse: JSON.parse });
    expect(codec.encode(undefined)).toEqual(new JsonBytes('"undefined"'));
    expect(codec.encode(1n)).toEqual(new JsonBytes('"bigint"'));
  });

  test("json.parse gets the text as the server wrote it", () => {
    const codec = createPayload({ stringify: JSON.stringify, parse: (text) => `parsed ${text}` });
    expect(codec.decode(new JsonBytes("1.0", 1))).toBe("parsed 1.0");
    expect(codec.decode(bytes("[1e400]"))).toBe("parsed [1e400]");
  });

  test("a value of json.stringify that is not a JSON text is refused", () => {
    const encode = (stringify: (value: unknown) => unknown) => () =>
      createPayload({ stringify: stringify as (value: unknown) => string, parse: JSON.parse }).encode({});
    expect(encode(() => undefined)).toThrow("json.stringify gave undefined instead of a JSON text");
    expect(encode(() => 1)).toThrow("json.stringify gave number instead of a JSON text");
    expect(encode(() => "{a:1}")).toThrow(/^json.stringify gave a text that is not JSON: /);
    expect(encode(() => "")).toThrow(/^json.stringify gave a text that is not JSON: /);
  });

  test("an error of the caller's json is the cause", () => {
    const cause = new Error("its own");
    const fail = () => {
      throw cause;
    };
    const codec = createPayload({ stringify: fail, parse: fail });
    expect(() => codec.encode(1)).toThrow(
      expect.objectContaining({ message: "json.stringify: its own", cause }),
    );
    expect(() => codec.decode(bytes("1"))).toThrow(
      expect.objectContaining({ message: "json.parse: its own", cause }),
    );
  });
});
