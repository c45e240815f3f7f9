import { describe, expect, test } from "vitest";
import type { CentRequestError } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { protocols } from "../harness/scripted-server.ts";

/** Requests with an empty field that Centrifugo refuses with error 107, or that have no effect, as `unsubscribe`. */
const requests: readonly [method: string, request: object, field: string][] = [
  ...[
    ["publish", { data: 1 }],
    ["subscribe", { user: "ann" }],
    ["unsubscribe", { user: "ann" }],
    ["presence", {}],
    ["presenceStats", {}],
    ["history", {}],
    ["historyRemove", {}],
    ["mapPublish", { key: "k" }],
    ["mapRemove", { key: "k" }],
    ["mapReadState", {}],
    ["mapReadStream", {}],
    ["mapStats", {}],
    ["mapClear", {}],
    ["sharedPollPublish", { key: "k", version: 1 }],
  ].map(([method, rest]): [string, object, string] => [
    method as string,
    { channel: "", ...(rest as object) },
    "channel",
  ]),
  ["broadcast", { channels: [], data: 1 }, "channels"],
  ["broadcast", { channels: ["a", "", ""], data: 1 }, "channels[1]"],
  ["mapPublish", { channel: "a", key: "" }, "key"],
  ["mapRemove", { channel: "a", key: "" }, "key"],
  ["sharedPollPublish", { channel: "a", key: "", version: 1 }, "key"],
  ["rpc", { method: "" }, "method"],
];

describe.each(protocols)("%s: empty values", (protocol) => {
  async function start() {
    const server = await startTestServer();
    const url = protocol === "http" ? server.httpUrl : server.grpcUrl;
    const cent = createClient({ transport: protocol, url, apiKey: server.apiKey });
    const close = async () => {
      await cent.close();
      await server.close();
    };
    return { server, cent, [Symbol.asyncDispose]: close };
  }

  test.each(requests)("%s with %j is refused before it is sent", async (method, request, field) => {
    await using it = await start();
    const call = (it.cent as unknown as Record<string, (request: object) => Promise<object>>)[method];
    expect(await rejection(Promise.resolve(call?.(request)))).toMatchObject({
      name: "CentRequestError",
      message: `${method}: ${field}: must not be empty`,
      method,
      field,
      maybeExecuted: false,
    });
    const inBatch = it.cent.batch({ commands: [{ info: {} }, { [method]: request }] as never });
    expect(((await rejection(inBatch)) as CentRequestError).field).toBe(`commands[1].${method}.${field}`);
    expect(it.server.calls).toHaveLength(0);
  });

  test("an empty channel in a run fails its own item", async () => {
    await using it = await start();
    const errors: (string | undefined)[] = [];
    const data = 1;
    for await (const item of it.cent.publishMany([
      { channel: "a", data },
      { channel: "", data },
    ]))
      errors.push(item.ok ? undefined : item.error.message);
    for await (const item of it.cent.broadcastMany(["a", ""], { data }))
      errors.push(item.ok ? undefined : item.error.message);
    const [publish, broadcast] = ["publish: channel", "broadcast: channels[1]"];
    expect(errors).toEqual([
      undefined,
      `${publish}: must not be empty`,
      undefined,
      `${broadcast}: must not be empty`,
    ]);
  });

  test("an empty list of commands, and empty values that mean something, are sent", async () => {
    await using it = await start();
    await expect(it.cent.batch({ commands: [] })).resolves.toEqual({ replies: [] });
    await expect(it.cent.disconnect({ user: "" })).resolves.toEqual({});
    await expect(it.cent.channels({ pattern: "" })).resolves.toEqual({ channels: {} });
    await expect(it.cent.subscribe({ channel: "a", user: "" })).resolves.toEqual({});
  });
});
