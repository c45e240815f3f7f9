import { afterEach, describe, expect, test } from "vitest";
import { encodeRequest } from "../../src/codec/encode-request.ts";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { table } from "../harness/scripted-server.ts";

function encode(name: string, request: object) {
  const method = table.byName(name) ?? expect.fail();
  return encodeRequest(table, method, request, createPayload(undefined));
}

describe("an unknown name in a request", () => {
  test("the error for an unknown command of a batch guesses a method that a batch takes", () => {
    const command = (name: string) => () => encode("batch", { commands: [{ [name]: {} }] });
    expect(command("publsh")).toThrow("commands[0]: unknown method publsh; did you mean publish?");
    expect(command("batchs")).toThrow(/commands\[0\]: unknown method batchs$/);
    expect(command("batch")).toThrow(/commands\[0\]: unknown method batch$/);
  });

  test("the error for an unknown field never names b64data, which the client refuses", () => {
    const publish = (name: string) => () => encode("publish", { channel: "a", data: 1, [name]: 1 });
    expect(publish("b64dat")).toThrow(/^b64dat: unknown field; expected one of channel, data, /);
    expect(publish("b64dat")).not.toThrow("b64data");
    expect(publish("b64data")).toThrow("b64data: unknown field; pass a Uint8Array as data");
  });
});

describe("a request as an object", () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, "polluted");
  });

  test("a property that other code adds to Object.prototype is no field", () => {
    Object.assign(Object.prototype, { polluted: 1 });
    expect(fieldsOf(encode("publish", { channel: "a", data: 1 })).channel).toBe("a");
  });

  test("a list of a thousand messages is no deep nesting", () => {
    const commands = Array.from({ length: 1_000 }, () => ({
      history: { channel: "a", since: { offset: 1 } },
    }));
    expect(fieldsOf(encode("batch", { commands })).commands).toHaveLength(1_000);
  });
});
