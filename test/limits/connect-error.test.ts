import { create, toBinary } from "@bufbuild/protobuf";
import { Code as ConnectCode, ConnectError as ConnectsError } from "@connectrpc/connect";
import { beforeAll, describe, expect, test } from "vitest";
import { ErrorSchema, PublishResultSchema } from "#api";
import { loadBinaryFormat } from "../../src/limits/binary-format.ts";
import { Code, ConnectError, isCode, isConnectError } from "../../src/limits/connect-error.ts";

beforeAll(loadBinaryFormat);

type Arguments = ConstructorParameters<typeof ConnectsError>;

/** The parts of an error that code can look at. */
function partsOf(error: ConnectsError) {
  const { name, message, rawMessage, code, metadata, details, cause } = error;
  return { name, message, rawMessage, code, metadata: [...metadata], details, cause, text: `${error}` };
}

const cause = new TypeError("why");
const codes = Object.values(ConnectCode).filter((code): code is ConnectCode => typeof code === "number");

test("the codes are Connect's", () => {
  expect(codes.length).toBeGreaterThan(10);
  for (const code of codes) expect(Reflect.get(Code, ConnectCode[code])).toBe(code);
  expect(codes.map(isCode)).toEqual(codes.map(() => true));
  expect([0, 17, -1].map(isCode)).toEqual([false, false, false]);
});

describe.each<[string, Arguments]>([
  ["a message alone", ["late"]],
  ["an empty message", ["", ConnectCode.Aborted]],
  ["metadata and a cause", ["late", ConnectCode.DeadlineExceeded, { "x-id": "1", b: "2" }, [], cause]],
  ...codes.map((code): [string, Arguments] => [`code ${ConnectCode[code]}`, ["x", code]]),
])("an error of tscent with %s", (_title, given) => {
  const ours = new ConnectError(...given);
  const theirs = new ConnectsError(...given);

  test("the error has the parts of Connect's own", () => {
    expect(partsOf(ours)).toEqual(partsOf(theirs));
    expect(Object.keys(ours).sort()).toEqual(Object.keys(theirs).sort());
    expect(ours.metadata).toBeInstanceOf(Headers);
  });

  test("the error is an instance of Connect's class, and each class takes the other's errors as they are", () => {
    expect(ours).toBeInstanceOf(ConnectsError);
    expect(ours).toBeInstanceOf(Error);
    expect(ConnectsError.from(ours)).toBe(ours);
    expect(isConnectError(theirs)).toBe(true);
    expect(ConnectError.from(theirs)).toBe(theirs);
  });
});

test.each<[string, unknown]>([
  ["an error", cause],
  ["a fetch that was aborted", new DOMException("stop", "AbortError")],
  ["a fetch that timed out", new DOMException("late", "TimeoutError")],
  ["a text", "broken"],
  ["nothing", undefined],
  ["an object that is no error", { code: 14, rawMessage: "x", name: "ConnectError" }],
])("%s becomes the same error as with Connect's class", (_title, thrown) => {
  expect(partsOf(ConnectError.from(thrown))).toEqual(partsOf(ConnectsError.from(thrown)));
});

test("an error that only has the name of Connect's is none", () => {
  const error = Object.assign(new Error("x"), { name: "ConnectError", code: 14 });
  expect([isConnectError(error), error instanceof ConnectsError]).toEqual([false, false]);
});

test("headers that are set on an error stay, as with Connect's class", () => {
  for (const error of [new ConnectError("x"), new ConnectsError("x")]) {
    error.metadata.set("x-note", "1");
    expect(error.metadata.get("x-note")).toBe("1");
    Object.assign(error, { metadata: new Headers({ other: "2" }) });
    expect([...error.metadata]).toEqual([["other", "2"]]);
  }
});

test("details are found by their type, and broken ones are left out, as with Connect's class", () => {
  const value = create(ErrorSchema, { code: 102, message: "unknown channel" });
  const details = [
    { type: ErrorSchema.typeName, value: toBinary(ErrorSchema, value) },
    { type: ErrorSchema.typeName, value: Uint8Array.of(0xff) },
    { desc: ErrorSchema, value },
  ];
  const ours = new ConnectError("x", ConnectCode.NotFound, undefined, details);
  const theirs = new ConnectsError("x", ConnectCode.NotFound);
  theirs.details = details;
  expect(ours.findDetails(ErrorSchema)).toEqual([value, value]);
  expect(theirs.findDetails(ErrorSchema)).toEqual([value, value]);
  expect(ours.findDetails(PublishResultSchema)).toEqual([]);
});
