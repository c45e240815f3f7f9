import type { DescMessage, Registry } from "@bufbuild/protobuf";
import { create, createRegistry, toBinary } from "@bufbuild/protobuf";
import * as connect from "@connectrpc/connect";
import { beforeAll, describe, expect, test } from "vitest";
import { ErrorSchema, InfoRequestSchema } from "#api";
import { loadBinaryFormat } from "../../src/limits/binary-format.ts";
import { Code, ConnectError, isCode, isConnectError } from "../../src/limits/connect-error.ts";

beforeAll(loadBinaryFormat);

test("the codes are Connect's", () => {
  const codes = Object.fromEntries(
    Object.entries(connect.Code).filter(([name]) => Number.isNaN(Number(name))),
  );
  expect(Code).toEqual(codes);
  expect([0, 1, 16, 17, 1.5].map(isCode)).toEqual([false, true, true, false, false]);
});

describe("an error of ours", () => {
  const codes: connect.Code[] = [...Object.values(Code), 99 as connect.Code];

  test.each(codes)("the error has the text and the properties of Connect's, with the code %i", (code) => {
    for (const message of ["", "text"]) {
      const [ours, theirs] = [new ConnectError(message, code), new connect.ConnectError(message, code)];
      expect({ ...ours, message: ours.message, metadata: [] }).toEqual({
        ...theirs,
        message: theirs.message.replace(/^\[undefined\]/, `[${code}]`),
        metadata: [],
      });
    }
    expect(new ConnectError("x").code).toBe(Code.Unknown);
  });

  test("the error makes its metadata once, from what it was given, and takes others", () => {
    const error = new ConnectError("x", Code.Internal, { "x-a": "1" });
    const { metadata } = error;
    expect(metadata.get("x-a")).toBe("1");
    expect(error.metadata).toBe(metadata);
    const others = new Headers({ "x-b": "2" });
    error.metadata = others;
    expect(error.metadata).toBe(others);
    expect([...new ConnectError("x").metadata]).toEqual([]);
    expect(Object.keys(error)).toContain("metadata");
  });

  test("the error is an instance of Connect's class, and the other way round a ConnectError for us", () => {
    expect(new ConnectError("x")).toBeInstanceOf(connect.ConnectError);
    expect(isConnectError(new connect.ConnectError("x"))).toBe(true);
    expect(isConnectError(new ConnectError("x"))).toBe(true);
  });
});

test.each<[string, unknown]>([
  ["an error", new Error("x")],
  ["an abort", new DOMException("x", "AbortError")],
  ["a timeout", Object.assign(new Error("x"), { name: "TimeoutError" })],
  ["a text", "x"],
  ["nothing", undefined],
])("ConnectError.from makes of %s what Connect's makes", (_what, thrown) => {
  const facts = ({ rawMessage, code, cause }: connect.ConnectError) => ({ rawMessage, code, cause });
  expect(facts(ConnectError.from(thrown))).toEqual(facts(connect.ConnectError.from(thrown)));
});

test("ConnectError.from keeps a ConnectError, ours or Connect's", () => {
  for (const error of [new ConnectError("x"), new connect.ConnectError("x")])
    expect(ConnectError.from(error)).toBe(error);
});

test("a ConnectError of another copy of Connect counts if it has all properties", () => {
  const properties = { name: "ConnectError", code: 5, rawMessage: "x", details: [], metadata: new Headers() };
  const like = (changes: object) => Object.assign(new Error("x"), properties, changes);
  expect(isConnectError(like({}))).toBe(true);
  const others = [
    { name: "Error" },
    { code: "5" },
    { rawMessage: 5 },
    { details: {} },
    { metadata: undefined },
  ];
  expect(others.filter((changes) => isConnectError(like(changes)))).toEqual([]);
  expect([undefined, null, "x", properties].filter(isConnectError)).toEqual([]);
});

describe("the details of an error", () => {
  const value = create(ErrorSchema, { code: 107, message: "said" });
  const type = ErrorSchema.typeName;
  const binary = toBinary(ErrorSchema, value);
  const found = (details: ConnectError["details"], wanted: DescMessage | Registry) =>
    new ConnectError("x", Code.Unknown, undefined, details).findDetails(wanted as Registry);

  test.each<[string, ConnectError["details"]]>([
    ["that a program gave", [{ desc: ErrorSchema, value }]],
    ["from the wire", [{ type, value: binary }]],
  ])("the details are found %s, by their type or a registry", (_from, details) => {
    for (const wanted of [ErrorSchema, createRegistry(ErrorSchema)]) {
      expect(found(details, wanted)).toMatchObject([{ code: 107, message: "said" }]);
    }
    for (const wanted of [InfoRequestSchema, createRegistry(InfoRequestSchema)]) {
      expect(found(details, wanted)).toEqual([]);
    }
  });

  test("the error leaves out a detail that cannot be read", () => {
    const broken = { type, value: Uint8Array.of(255) };
    expect(found([broken, { type, value: binary }], ErrorSchema)).toMatchObject([{ code: 107 }]);
  });
});
