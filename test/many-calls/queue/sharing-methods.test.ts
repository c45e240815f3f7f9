import type { DescMessage } from "@bufbuild/protobuf";
import { StructSchema, TimestampSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { sharingMethods } from "../../../src/many-calls/queue/sharing-methods.ts";
import type { Method, MethodTable } from "../../../src/schema/method-table.ts";
import { table } from "../../harness/scripted-server.ts";

const method = (name: string) => table.byName(name) ?? expect.fail();
const publish = method("publish");

/** A message type with other types in some fields; undefined for no such field. */
const withTypes = (
  schema: DescMessage,
  types: Readonly<Record<string, DescMessage | undefined>>,
): DescMessage => {
  const changed = Object.entries(types).map(([name, message]) => [
    name,
    message === undefined ? undefined : { ...schema.field[name], fieldKind: "message", message },
  ]);
  return { ...schema, field: { ...schema.field, ...Object.fromEntries(changed) } };
};

/** Whether calls of a changed `publish` may share a request. */
function canShare(changes: {
  readonly command?: undefined;
  readonly reply?: Readonly<Record<string, DescMessage | undefined>>;
  readonly output?: Readonly<Record<string, DescMessage | undefined>>;
}): boolean {
  const { rpc } = publish;
  const changed: Method = {
    ...publish,
    ...("command" in changes && { command: undefined }),
    rpc: { ...rpc, output: withTypes(rpc.output, changes.output ?? {}) },
  };
  const reply = withTypes(table.reply, changes.reply ?? {});
  const given: MethodTable = { ...table, methods: [changed], reply };
  return sharingMethods(given, true).has(changed);
}

describe("calls of a method share requests", () => {
  test("unless it is no command of a batch", () => {
    expect(canShare({})).toBe(true);
    expect(canShare({ command: undefined })).toBe(false);
    expect(sharingMethods(table, false).has(table.batch)).toBe(false);
  });

  test("unless a batch has no reply for it, or one of another type than its response", () => {
    expect(canShare({ reply: { publish: undefined } })).toBe(false);
    expect(canShare({ reply: { publish: TimestampSchema } })).toBe(false);
    expect(canShare({ reply: { error: TimestampSchema } })).toBe(false);
    expect(canShare({ reply: { error: undefined } })).toBe(false);
  });

  test("unless its response is no error or result", () => {
    expect(canShare({ output: { error: undefined } })).toBe(false);
    expect(canShare({ output: { result: undefined } })).toBe(false);
    expect(canShare({ output: { error: undefined }, reply: { error: undefined } })).toBe(false);
  });

  test("also if the type of its result contains itself", () => {
    const types = { output: { result: StructSchema }, reply: { publish: StructSchema } };
    expect(canShare(types)).toBe(true);
  });

  test("over HTTP only if the result holds no bytes, which may be no JSON", () => {
    const history = method("history");
    expect([true, false].map((isJson) => sharingMethods(table, isJson).has(history))).toEqual([false, true]);
    expect(sharingMethods(table, true).has(publish)).toBe(true);
  });
});
