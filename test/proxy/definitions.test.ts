import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { defineChannels, defineMethods } from "../../src/channels/index.ts";
import { createProxy, deny } from "../../src/proxy/index.ts";
import { ask } from "./ask.ts";

const data = z.object({ text: z.string().trim(), n: z.number().default(7) });
const wire = z.object({ at: z.string().transform((text) => new Date(text)) });
const definitions = { "chat:*": { data }, "date:*": { data: wire } };
const badRequest = { error: { code: 107, message: "bad request" } };
const failed = { error: { code: 100, message: "internal server error", temporary: true } };
const denied = { error: { code: 403, message: "permission denied" } };

/** A proxy whose handlers of any name are one, with the errors that it reports. */
function proxyOf(
  handler: (request: { data: unknown }) => unknown,
  { unknown = "refuse" as "refuse" | "allow", schema = undefined as z.ZodType | undefined } = {},
) {
  const errors: string[] = [];
  const defined = schema === undefined ? definitions : { "chat:*": { data: schema } };
  const handlers = { "chat:*": handler, "date:*": handler, "other*": handler };
  const proxy = createProxy({
    secret: false,
    channels: defineChannels(defined, { unknown }),
    methods: defineMethods(defined, { unknown }),
    publish: handlers as never,
    rpc: handlers as never,
    onError: (error) => errors.push(String(error)),
  });
  return { proxy, errors };
}

describe.each([
  ["publish", "channel"],
  ["rpc", "method"],
] as const)("%s", (event, key) => {
  const request = (name: string, given: unknown) => ({ client: "c", user: "42", [key]: name, data: given });

  test("the handler gets the output of the schema", async () => {
    const handler = vi.fn(() => ({}));
    const { proxy, errors } = proxyOf(handler);
    const { answer } = await ask(proxy, event, request("chat:1", { text: " hi " }));
    expect(answer).toEqual({ result: {} });
    expect(handler).toHaveBeenCalledWith(
      expect.objectContaining({ data: { text: "hi", n: 7 }, [key]: "chat:1", user: "42" }),
      expect.anything(),
    );
    expect(errors).toEqual([]);
  });

  test("bad data is error 107, which the handler never sees", async () => {
    const handler = vi.fn(() => ({}));
    const { proxy, errors } = proxyOf(handler);
    for (const bad of [{ text: 1 }, null, "text", undefined]) {
      const { status, answer } = await ask(proxy, event, request("chat:1", bad));
      expect([status, answer]).toEqual([200, badRequest]);
    }
    expect(handler).not.toHaveBeenCalled();
    expect(errors).toHaveLength(4);
    expect(errors[0]).toBe(
      `TypeError: ${event}: data.text: Invalid input: expected string, received number (schema of chat:*)`,
    );
  });

  test("data in base64 is checked, too", async () => {
    const { proxy } = proxyOf(() => ({}));
    const b64data = Buffer.from('{"text":1}').toString("base64");
    const { answer } = await ask(proxy, event, { client: "c", [key]: "chat:1", b64data });
    expect(answer).toEqual(badRequest);
  });

  test("a name without a definition is refused, or allowed as chosen", async () => {
    const handler = vi.fn(() => ({}));
    const refusing = proxyOf(handler);
    expect((await ask(refusing.proxy, event, request("other", 1))).answer).toEqual(badRequest);
    expect(refusing.errors[0]).toMatch(/nothing is defined for other; expected one of chat:\*, date:\*$/);
    expect(handler).not.toHaveBeenCalled();
    const allowing = proxyOf(handler, { unknown: "allow" });
    expect((await ask(allowing.proxy, event, request("other", 1))).answer).toEqual({ result: {} });
    expect(handler).toHaveBeenCalledOnce();
  });

  test("a name without a handler is refused as ever", async () => {
    const { proxy, errors } = proxyOf(() => ({}), { unknown: "allow" });
    expect((await ask(proxy, event, request("none", 1))).answer).toEqual(denied);
    expect(errors).toEqual([]);
  });

  test("a schema that does not work is a failure of the backend, and the handler is not called", async () => {
    const handler = vi.fn(() => ({}));
    const { proxy, errors } = proxyOf(handler, { schema: z.string().refine(async () => true) });
    expect((await ask(proxy, event, request("chat:1", "hi"))).answer).toEqual(failed);
    expect(handler).not.toHaveBeenCalled();
    expect(errors[0]).toContain(`${event}: data: the schema of chat:* answers with a promise`);
  });
});

describe("a handler that publishes data in place of the client's", () => {
  const request = { client: "c", channel: "date:1", data: { at: "2026-01-01" } };

  test("the proxy sends the data as it is, if the schema takes it", async () => {
    const { proxy } = proxyOf(() => ({ data: { at: "2026-02-02" } }));
    expect((await ask(proxy, "publish", request)).answer).toEqual({ result: { data: { at: "2026-02-02" } } });
  });

  test("data that the schema refuses is a failure of the backend", async () => {
    const { proxy, errors } = proxyOf(() => ({ data: { at: 5 } }));
    expect((await ask(proxy, "publish", request)).answer).toEqual(failed);
    expect(errors[0]).toMatch(/^TypeError: publish: data\.at: Invalid input/);
  });

  test("no schema sees a refusal, or the answer to a call", async () => {
    const refusing = proxyOf(() => deny());
    expect((await ask(refusing.proxy, "publish", request)).answer).toEqual(denied);
    const answering = proxyOf(() => ({ data: 1 }));
    const call = { client: "c", method: "date:1", data: request.data };
    expect((await ask(answering.proxy, "rpc", call)).answer).toEqual({ result: { data: 1 } });
  });
});

test.each([
  [{ channels: {} }, "createProxy: channels: expected the channels that defineChannels makes"],
  [{ channels: defineMethods({}) }, "createProxy: channels: expected the channels that defineChannels makes"],
  [{ methods: ["chat.rename"] }, "createProxy: methods: expected the methods that defineMethods makes"],
  [{ methods: defineChannels({}) }, "createProxy: methods: expected the methods that defineMethods makes"],
])("createProxy refuses %j", (options, message) => {
  expect(() => createProxy({ secret: false, ...options } as never)).toThrow(message);
});
