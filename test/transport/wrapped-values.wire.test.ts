import { expect, test } from "vitest";
import type { SubscribeRequest } from "#api";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { additions, withAdditions } from "../guarantees/additive/newer-schema.ts";
import { protocols } from "../harness/scripted-server.ts";
import { compileFile } from "../upgrade/compile.ts";

test.each(protocols)("a scalar reaches the server in its message over %s", async (transport) => {
  await using server = await startTestServer();
  const url = transport === "http" ? server.httpUrl : server.grpcUrl;
  await using cent = createClient({ transport, url, apiKey: server.apiKey });
  const session = server.connect({ user: "u" });
  const override = { presence: false, joinLeave: true };
  await cent.subscribe({ user: "u", channel: "a", override });
  expect(session.channels).toEqual(["a"]);
  expect(await cent.presence({ channel: "a" })).toEqual({ presence: {} });
  const [call] = server.calls;
  if (call === undefined) expect.fail("the server got no call");
  expect(call.request).toEqual({ user: "u", channel: "a", override });
  const { override: sent } = call.message as SubscribeRequest;
  expect(sent?.presence).toMatchObject({ value: false });
  expect(sent?.joinLeave).toMatchObject({ value: true });
  expect(sent?.forceRecovery).toBeUndefined();
});

const flags = `
  message FlagsRequest { BoolValue flag = 1; repeated Int32Value numbers = 2; map<string, CountValue> counts = 3; }
  message FlagsResponse { Error error = 1; FlagsResult result = 2; }
  message FlagsResult { BoolValue flag = 1; repeated Int32Value numbers = 2; map<string, CountValue> counts = 3; }`;

test.each(protocols)("scalars come back from their messages over %s", async (transport) => {
  const schema = withAdditions({
    ...additions,
    rpcs: `${additions.rpcs}\nrpc Flags(FlagsRequest) returns (FlagsResponse) {}`,
    messages: `${additions.messages}${flags}`,
  });
  const [service] = (await compileFile(schema)).services;
  if (service === undefined) expect.fail("the schema has no service");
  const given: unknown[] = [];
  const methods = {
    flags(request: object) {
      given.push(request);
      return request;
    },
  };
  await using server = await startTestServer({ service, methods });
  const url = transport === "http" ? server.httpUrl : server.grpcUrl;
  await using cent = createClient({ service, transport, url, apiKey: server.apiKey });
  const request = { flag: false, numbers: [0, 7], counts: { a: 2 ** 40 } };
  expect(await cent.flags?.(request)).toEqual(request);
  expect(given).toEqual([request]);
  expect(await cent.flags?.({})).toEqual({ numbers: [], counts: {} });
});
