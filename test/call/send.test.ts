import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test, vi } from "vitest";
import { PublishRequestSchema, PublishResponseSchema } from "#api";
import { createCall } from "../../src/call/call.ts";
import { CallsUnderWay } from "../../src/call/calls-under-way.ts";
import { Retries } from "../../src/call/retries.ts";
import { createSend } from "../../src/call/send.ts";
import { SendFailure } from "../../src/call/send-failure.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { SentSecrets } from "../../src/errors/hide-secret.ts";
import type { EndableWork } from "../../src/limits/run-within.ts";
import { isUnprocessed } from "../../src/limits/run-within.ts";
import { asOneOfMany } from "../../src/limits/stack-traces.ts";
import type { Authorize } from "../../src/options/authorization.ts";
import type { CallLimits } from "../../src/options/call-options.ts";
import { defaultRetry } from "../../src/options/retry-options.ts";
import { rejection } from "../harness/expected-error.ts";
import { table } from "../harness/scripted-server.ts";

const secret = "key-of-this-test";
const publish = table.byName("publish") ?? expect.fail();
const request = create(PublishRequestSchema, { channel: "a" });
const once: CallLimits = {
  signal: undefined,
  timeoutMs: 0,
  header: undefined,
  retry: undefined,
  isAlone: false,
};
const withKey: Authorize = () => ({ authorization: `apikey ${secret}` });

/** Sends a publish over a transport that answers as it is told. */
function sending(answer: () => unknown, limits: Partial<CallLimits> = {}, authorize = withKey) {
  const unary = vi.fn(async () => answer());
  const waits = new Set<EndableWork>();
  const send = createSend({
    table,
    transport: { unary } as unknown as Transport,
    headers: { "x-client": "1" },
    authorize,
    secrets: new SentSecrets(),
    retries: new Retries(table, waits),
    waits,
  });
  return { unary, result: send(publish, request, { ...once, ...limits }) };
}

const failing = (error: unknown) => () => {
  throw error;
};
const failureOf = async (...given: Parameters<typeof sending>) => {
  const failure = (await rejection(sending(...given).result)) as SendFailure;
  expect(failure).toBeInstanceOf(SendFailure);
  return failure;
};
const leaky = () => new ConnectError(`you sent ${secret}`, Code.Unavailable);

describe("a request that is sent", () => {
  test("the key, the client's headers and the call's go with a request", async () => {
    const { unary, result } = sending(() => ({ message: create(PublishResponseSchema) }), {
      header: { "x-call": "2" },
      timeoutMs: 500,
    });
    expect(await result).toMatchObject({
      attempts: 1,
      maybeExecuted: false,
      authorization: `apikey ${secret}`,
    });
    const headers = { authorization: `apikey ${secret}`, "x-client": "1", "x-call": "2" };
    expect(unary).toHaveBeenCalledExactlyOnceWith(publish.rpc, undefined, 500, headers, request);
  });

  test("an attempt has the shorter of its limits", async () => {
    for (const [timeoutMs, attemptTimeoutMs, expected] of [
      [0, 0, 0],
      [500, 0, 500],
      [0, 300, 300],
      [500, 300, 300],
      [300, 500, 300],
    ] as const) {
      const retry = { ...defaultRetry, attemptTimeoutMs };
      const { unary, result } = sending(() => ({ message: create(PublishResponseSchema) }), {
        timeoutMs,
        retry,
      });
      await result;
      expect(unary.mock.calls[0]?.at(2)).toBe(expected);
    }
  });

  test("a failure hides the key, also one in the header x-api-key", async () => {
    expect((await failureOf(failing(leaky()))).reason).toMatchObject({ rawMessage: "you sent (secret)" });
    const header = { "x-api-key": secret };
    const { reason } = await failureOf(failing(leaky()), { header }, () => ({}));
    expect(reason).toMatchObject({ rawMessage: "you sent (secret)" });
  });

  test("the caller's abort and an error of many are not searched for the key", async () => {
    const raw = `you sent ${secret}`;
    const signal = AbortSignal.abort();
    expect((await failureOf(failing(leaky()), { signal })).reason).toMatchObject({ rawMessage: raw });
    const many = asOneOfMany(leaky());
    expect((await failureOf(failing(many))).reason).toMatchObject({ rawMessage: raw });
    const live = new AbortController().signal;
    expect((await failureOf(failing(leaky()), { signal: live })).reason).toMatchObject({
      rawMessage: "you sent (secret)",
    });
  });

  test("a failure says how often the request was sent, and whether a key went with it", async () => {
    const { record, reason } = await failureOf(failing(leaky()));
    expect(record).toEqual({ attempts: 1, maybeExecuted: false, key: "apiKey", channel: "a" });
    expect(isUnprocessed(reason as object)).toBeUndefined();
    expect((await failureOf(failing(leaky()), {}, () => ({}))).record.key).toBe("none");
    const withToken = () => ({ authorization: `Bearer ${secret}` });
    expect((await failureOf(failing(leaky()), {}, withToken)).record.key).toBe("bearerToken");
    const noKey = await failureOf(failing(leaky()), {}, () => Promise.reject(new Error("no key")));
    expect(noKey.record).toEqual({ attempts: 0, maybeExecuted: false, key: undefined, channel: "a" });
    expect(isUnprocessed(noKey.reason as object)).toBe(true);
  });

  test("a response that is none is a failure", async () => {
    const { reason, record } = await failureOf(() => ({}));
    expect(reason).toMatchObject({ rawMessage: "an interceptor or transport gave no PublishResponse" });
    expect(record.attempts).toBe(1);
  });

  test("the error INTERNAL, which is not tried again, is the reply", async () => {
    const message = create(PublishResponseSchema, { error: { code: 100, message: "said" } });
    expect((await sending(() => ({ message }), { retry: defaultRetry }).result).message).toBe(message);
  });

  test("retries end with the time of the call", async () => {
    const now = vi.spyOn(performance, "now").mockReturnValue(0);
    try {
      const retry = { ...defaultRetry, baseDelayMs: 1 };
      const status = new ConnectError(
        "x",
        Code.Unavailable,
        undefined,
        undefined,
        Object.assign(new Error("x"), { code: "ECONNREFUSED" }),
      );
      const late = () => {
        now.mockReturnValue(50);
        throw status;
      };
      const { unary, result } = sending(late, { retry, timeoutMs: 50 });
      await rejection(result);
      expect(unary).toHaveBeenCalledOnce();
      now.mockReturnValue(0);
      const early = sending(failing(status), { retry, timeoutMs: 5_000 });
      await rejection(early.result);
      expect(early.unary).toHaveBeenCalledTimes(3);
    } finally {
      now.mockRestore();
    }
  });
});

describe("a call of a method", () => {
  function calling(execute: (message: Message, limits: CallLimits) => Promise<object>) {
    const secrets = new SentSecrets();
    secrets.add(`apikey ${secret}`);
    const underWay = new CallsUnderWay();
    const context = {
      table,
      payload: createPayload(undefined),
      timeoutMs: 70,
      retry: defaultRetry,
      underWay,
      secrets,
      server: { transport: "http", address: undefined, port: undefined } as const,
    };
    const call = createCall(context, (_method, message, limits) => execute(message, limits))(publish);
    return { call, underWay };
  }

  test("a call with headers or retries of its own shares no request", async () => {
    const seen: CallLimits[] = [];
    const { call } = calling(async (_message, limits) => {
      seen.push(limits);
      return {};
    });
    await call({ channel: "a", data: 1 });
    await call({ channel: "a", data: 1 }, { headers: { "X-A": "1" } });
    await call({ channel: "a", data: 1 }, { retry: { maxAttempts: 1 } });
    await call({ channel: "a", data: 1 }, { timeoutMs: 5 });
    expect(seen.map(({ isAlone }) => isAlone)).toEqual([false, true, true, false]);
    expect(seen.map(({ timeoutMs }) => timeoutMs)).toEqual([70, 70, 70, 5]);
    expect(seen[1]?.header).toEqual({ "x-a": "1" });
  });

  test("wrong options reject a call before it is executed", async () => {
    const execute = vi.fn(async () => ({}));
    const { call } = calling(execute);
    expect(await rejection(call({ channel: "a", data: 1 }, { timeout: 1 } as object))).toMatchObject({
      name: "CentRequestError",
      field: "timeout",
    });
    expect(execute).not.toHaveBeenCalled();
  });

  test("a closed client rejects a call", async () => {
    const { call, underWay } = calling(async () => ({}));
    await underWay.end(0);
    expect(await rejection(call({ channel: "a", data: 1 }))).toMatchObject({
      message: "publish: the client is closed",
    });
  });

  test("an error that no transport made hides the key, and a failure to send is left as it is", async () => {
    const error = await rejection(calling(() => Promise.reject(leaky())).call({ channel: "a", data: 1 }));
    expect(error).toMatchObject({ message: "publish: you sent (secret)" });
    const record = { attempts: 1, maybeExecuted: false, key: "apiKey", channel: "a" } as const;
    const failure = () => Promise.reject(new SendFailure(leaky(), record));
    const sent = await rejection(calling(failure).call({ channel: "a", data: 1 }));
    expect(sent).toMatchObject({ message: `publish: you sent ${secret}`, attempts: 1 });
  });
});
