import { createRouterTransport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import type { CallOptions } from "../../src/index.ts";
import { CentRequestError, createClient } from "../../src/index.ts";
import { resultOf } from "../harness/result-of.ts";

const listening = { aborted: false, addEventListener() {}, removeEventListener() {} };

describe("invalid options of a call", () => {
  test.each<[unknown, string, string]>([
    [null, "options", "expected an object"],
    [5, "options", "expected an object"],
    [{ timeout: 1 }, "timeout", "unknown option; did you mean timeoutMs?"],
    [{ deadline: 1 }, "deadline", "unknown option; expected one of timeoutMs, signal, headers, retry"],
    [{ timeoutMs: -1 }, "timeoutMs", "expected milliseconds from 0 to 2147483647"],
    [{ timeoutMs: Number.NaN }, "timeoutMs", "expected milliseconds from 0 to 2147483647"],
    [{ timeoutMs: 2 ** 31 }, "timeoutMs", "expected milliseconds from 0 to 2147483647"],
    [{ timeoutMs: "1" }, "timeoutMs", "expected milliseconds from 0 to 2147483647"],
    [{ signal: {} }, "signal", "expected an AbortSignal"],
    [{ signal: null }, "signal", "expected an AbortSignal"],
    [{ signal: { aborted: false, addEventListener() {} } }, "signal", "expected an AbortSignal"],
    [{ signal: { ...listening, addEventListener: null } }, "signal", "expected an AbortSignal"],
    [{ signal: { ...listening, aborted: 0 } }, "signal", "expected an AbortSignal"],
  ])("the options %j reject the call before anything is sent", async (options, field, problem) => {
    let calls = 0;
    const info = () => {
      calls++;
      return { result: {} };
    };
    await using cent = createClient({
      transport: createRouterTransport((router) => router.rpc(CentrifugoApi.method.info, info)),
    });
    const error: unknown = await cent.info({}, options as CallOptions).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ method: "info", field, message: `info: ${field}: ${problem}` });
    expect(calls).toBe(0);
    await expect(cent.info({}, {})).resolves.toEqual(resultOf("info", { nodes: [] }));
    expect(calls).toBe(1);
  });
});

describe("the signal of a call", () => {
  const client = () =>
    createClient({
      transport: createRouterTransport((router) =>
        router.rpc(CentrifugoApi.method.info, () => ({ result: {} })),
      ),
    });

  test("a call takes the signal of a polyfill", async () => {
    await using cent = client();
    const signal = listening as unknown as AbortSignal;
    await expect(cent.info({}, { signal })).resolves.toEqual(resultOf("info", { nodes: [] }));
  });

  test.each([
    AbortSignal.abort("stop"),
    { ...listening, aborted: true, reason: "stop" } as unknown as AbortSignal,
  ])("a call with an aborted signal rejects with the signal's reason, %#", async (signal) => {
    await using cent = client();
    await expect(cent.info({}, { signal })).rejects.toBe("stop");
  });
});
