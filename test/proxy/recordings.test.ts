import { gunzipSync } from "node:zlib";
import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { base64Decode, base64Encode } from "@bufbuild/protobuf/wire";
import { describe, expect, test } from "vitest";
import { decodeMessage } from "../../src/codec/decode-message.ts";
import { readMessage } from "../../src/codec/json/read-message.ts";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import { createPayload } from "../../src/codec/payload.ts";
import type { ProxyOptions } from "../../src/proxy/index.ts";
import { createProxy, deny, disconnect } from "../../src/proxy/index.ts";
import { proxyPayload } from "../../src/proxy/proxy-payload.ts";
import { writeResponse } from "../../src/proxy/write-response.ts";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import { eventNamed, recorded } from "./recorded-proxy.ts";

// The list leaves out the requests that followed a redirect as GET, and those that the recording shortened.
const http = recorded("http").filter(([, { request }]) => request.body.endsWith("}"));
const grpc = recorded("grpc");

/** The fields that Centrifugo writes even if they are empty. */
const always = (field: DescField) =>
  ["client", "transport", "protocol", "encoding", "user"].includes(field.name) &&
  field.parent.field.client !== undefined;

const payload = createPayload(undefined);
const plain = (schema: DescMessage, message: Message) =>
  decodeMessage(schema, message, { payload, int64: "bigint", item: () => undefined });

/** A response as the value that a handler gives for it; undefined for a response that the proxy never makes. */
function givenFor(event: ProxyEvent, response: Message): unknown {
  const {
    result,
    error,
    disconnect: end,
  } = fieldsOf(response) as Record<string, Record<string, unknown> | undefined>;
  const only = [result, error, end].filter((one) => one !== undefined);
  if (only.length !== 1) return undefined;
  // Centrifugo ignores errors about what goes on, so the proxy makes none.
  if (event.about === "expiry" && result === undefined) return undefined;
  try {
    if (error) {
      const { code, message, temporary } = error as { code: number; message: string; temporary: boolean };
      return deny(message, { code, temporary });
    }
    if (end) return disconnect(end.code as number, end.reason as string);
  } catch {
    // The recordings try codes and reasons that the proxy refuses.
    return undefined;
  }
  const value = withoutZeros(plain(event.result, result as unknown as Message)) as Record<string, unknown>;
  if (event.about === "connect" && value.user === undefined) return { ...value, anonymous: true };
  return event.about === "expiry" && value.expireAt === undefined && !value.expired ? undefined : value;
}

/** Fields in which empty strings and false are values. */
const wholeFields = ["data", "info", "meta", "override"];

/** Leaves zero values out, as a handler does. */
function withoutZeros(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const isZero = (one: unknown) =>
    one === "" || one === 0n || one === false || (Array.isArray(one) && one.length === 0);
  const kept = Object.entries(value).flatMap(([name, one]): [string, unknown][] => {
    if (wholeFields.includes(name)) return [[name, one]];
    return isZero(one) ? [] : [[name, withoutZeros(one)]];
  });
  return Object.fromEntries(kept);
}

async function answer(
  event: ProxyEvent,
  body: string,
  handler: (request: never) => unknown,
): Promise<string> {
  const handlers = event.key === undefined ? handler : anyName(handler);
  const options = { secret: false, onError: (error: unknown) => errors.push(error), int64: "bigint" };
  const proxy = createProxy({ ...options, [event.name]: handlers } as never as ProxyOptions);
  const request = new Request(`http://app/centrifugo/${event.path}`, { method: "POST", body });
  return (await proxy.fetch(request)).text();
}
const errors: unknown[] = [];
const namespaces = new Set(
  http.flatMap(([, { request }]) => {
    const { channel = "", method = "" } = JSON.parse(request.body) as { channel?: string; method?: string };
    return [channel, method].map((name) => name.slice(0, Math.max(0, name.indexOf(":"))));
  }),
);
const anyName = (handler: unknown) =>
  Object.fromEntries([...namespaces].map((name) => [name === "" ? "*" : `${name}:*`, handler]));

test("the recordings have exchanges of each event that open source fires", () => {
  expect(http.length).toBeGreaterThan(400);
  expect(grpc.length).toBeGreaterThan(90);
  expect(new Set([...http, ...grpc].map(([, { event }]) => eventNamed(event).name)).size).toBe(11);
});

describe("recorded HTTP requests", () => {
  test.each(http)("the request of %s is read, and written again byte for byte", (_id, { event, request }) => {
    const { rpc } = eventNamed(event);
    const message = readMessage(rpc.input, request.body);
    expect(writeMessage(rpc.input, message, { alwaysPresent: always })).toBe(request.body);
  });

  test.each(http)(
    "the handler of %s gets the request's fields as plain values",
    async (_id, { event, request }) => {
      let got: Record<string, unknown> = {};
      await answer(eventNamed(event), request.body, (given) => {
        got = given;
      });
      const sent = JSON.parse(request.body) as Record<string, unknown>;
      for (const [name, value] of Object.entries(sent)) {
        if (name === "b64data") expect(got.data).toEqual(fromBase64(value as string));
        else if (name === "items")
          expect(got.items).toMatchObject((value as { key: string }[]).map(({ key }) => ({ key })));
        else expect(got[name]).toEqual(value);
      }
      expect(Object.keys(got).filter((name) => name.startsWith("b64"))).toEqual([]);
    },
  );
});

/** The data in base64: JSON as its value, else bytes. */
function fromBase64(text: string): unknown {
  const bytes = base64Decode(text);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    // The bytes are not JSON.
    return bytes;
  }
}

test("the proxy makes the recorded answers from the values of handlers", async () => {
  let count = 0;
  for (const [id, { event: name, request, response }] of http) {
    // Some answers have JSON in base64, as a proxy has no reason to do.
    if (response?.status !== 200 || typeof response.body !== "string") continue;
    if (response.body.includes('"b64')) continue;
    const event = eventNamed(name);
    const given = givenIn(event, response.body);
    if (given === undefined) continue;
    const body = await answer(event, request.body, () => given);
    expect([id, JSON.parse(body)]).toEqual([id, JSON.parse(response.body)]);
    count++;
  }
  expect(errors).toEqual([]);
  expect(count).toBeGreaterThan(170);
});

const core = { payload: proxyPayload(undefined) };

/** The handler's value for a body that has nothing that Centrifugo ignores. */
function givenIn(event: ProxyEvent, body: string): unknown {
  try {
    const response = readMessage(event.response, body);
    const leaves = (text: string) => JSON.stringify(flat(JSON.parse(text)));
    if (leaves(writeMessage(event.response, response)) !== leaves(body)) return undefined;
    const given = givenFor(event, response);
    writeResponse(core, event, given);
    return given;
  } catch {
    // The recordings try what the proxy never writes: wrong types, null messages, times that are no seconds.
    return undefined;
  }
}

/** The leaves of a value by their paths, sorted. */
function flat(value: unknown, path = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return { [path]: value };
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.assign({ [path]: "" }, ...entries.map(([name, inner]) => flat(inner, `${path}.${name}`)));
}

describe("recorded gRPC messages", () => {
  test.each(grpc)(
    "the requests of %s are read, and written again byte for byte",
    (_id, { event, request }) => {
      const { input } = eventNamed(event).rpc;
      for (const { base64 } of request.messages) {
        const bytes = base64Decode(base64);
        const message = bytes[0] === 0x1f && bytes[1] === 0x8b ? new Uint8Array(gunzipSync(bytes)) : bytes;
        expect(toBinary(input, fromBinary(input, message))).toEqual(message);
      }
    },
  );

  test("the proxy makes the recorded unary answers byte for byte", () => {
    let count = 0;
    for (const [id, { event: name, response }] of grpc) {
      const event = eventNamed(name);
      // Some answers are empty, or broken on purpose.
      if (event.isStream || !response?.message?.json || Object.keys(response.message.json).length === 0)
        continue;
      const message = fromBinary(event.response, base64Decode(response.message.base64));
      const given = givenFor(event, message);
      // Two answers have white space in their data, which a value has not.
      if (given === undefined || atob(response.message.base64).match(/\{\s/)) continue;
      const made = writeResponse(core, event, given);
      expect([id, toJson(event.response, made)]).toEqual([id, toJson(event.response, message)]);
      expect([id, base64Encode(toBinary(event.response, made))]).toEqual([id, response.message.base64]);
      count++;
    }
    expect(count).toBeGreaterThan(25);
  });
});
