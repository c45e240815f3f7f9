import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import type { Method } from "../../src/schema/method-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { pagingForm } from "../../src/schema/paging-form.ts";
import { recordedService } from "../harness/schema-release.ts";

const methodNamed = (name: string): Method =>
  methodTable(CentrifugoApi).byName(name) ?? expect.fail(`no method ${name}`);

/** A method whose messages lack a field. */
function without(name: string, part: "input" | "result", field: string): Method {
  const method = methodNamed(name);
  const { input, output } = method.rpc;
  const cut = <Message extends { field: object }>(message: Message) => ({
    ...message,
    field: Object.fromEntries(Object.entries(message.field).filter(([key]) => key !== field)),
  });
  const result = output.field.result;
  const rpc =
    part === "input"
      ? { ...method.rpc, input: cut(input) }
      : {
          ...method.rpc,
          output: {
            ...output,
            field: { ...output.field, result: { ...result, message: cut(result?.message ?? output) } },
          },
        };
  return { ...method, rpc } as unknown as Method;
}

test("the methods of 6.9.1 with pages are found by their fields", () => {
  const forms = methodTable(recordedService).methods.flatMap((method) => {
    const form = pagingForm(method);
    if (form === undefined) return [];
    const { fields, ...shown } = form;
    expect(fields).toContain("limit");
    return [[method.name, shown]];
  });
  const topics = { by: "cursor", list: "items", nextCursor: "nextCursor", hasRevision: false };
  expect(Object.fromEntries(forms)).toEqual({
    history: { by: "position", list: "publications", isNested: true },
    mapReadStream: { by: "position", list: "entries", isNested: false },
    mapReadState: { by: "cursor", list: "entries", nextCursor: "cursor", hasRevision: true },
    deviceList: topics,
    deviceTopicList: topics,
    userTopicList: topics,
  });
});

describe("a method without one of these fields has no pages", () => {
  test.each([
    ["history", "input", "limit"],
    ["history", "input", "since"],
    ["history", "result", "epoch"],
    ["mapReadStream", "input", "sinceEpoch"],
    ["mapReadStream", "result", "offset"],
    ["mapReadState", "input", "cursor"],
    ["mapReadState", "result", "cursor"],
    ["userTopicList", "result", "nextCursor"],
  ] as const)("%s: %s.%s", (name, part, field) => {
    expect(pagingForm(without(name, part, field))).toBeUndefined();
  });

  test("a method has no pages if its result has two lists", () => {
    const method = methodNamed("userTopicList");
    const { output } = method.rpc;
    const result = output.field.result?.message ?? expect.fail("no result");
    const fields = [...result.fields, ...result.fields.map((field) => ({ ...field, localName: "others" }))];
    const field = { ...output.field, result: { ...output.field.result, message: { ...result, fields } } };
    const rpc = { ...method.rpc, output: { ...output, field } };
    expect(pagingForm({ ...method, rpc } as unknown as Method)).toBeUndefined();
  });

  test("a map's state without a revision has pages by cursor alone", () => {
    expect(pagingForm(without("mapReadState", "input", "revisionEpoch"))).toMatchObject({
      by: "cursor",
      hasRevision: false,
    });
  });
});
