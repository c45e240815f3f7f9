import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorSchema } from "#api";
import { CentNetworkError, CentTimeoutError, CentUnauthorizedError, createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOptions } from "../harness/batching-set-up.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { ofSockets } from "../harness/misbehaving-server.ts";
import { protocols } from "../harness/scripted-server.ts";
import { testOfOurs } from "../harness/stock-grpc/test-of-ours.ts";

const deadline = "connect-node ends a call at its deadline before its interceptors hear of it";
const request = { channel: "chat", data: 1 };

/** An interceptor that keeps the errors of `next`. */
function watching() {
  const caught: unknown[] = [];
  const interceptor: Interceptor = (next) => async (call) => {
    try {
      return await next(call);
    } catch (error) {
      caught.push(error);
      throw error;
    }
  };
  return { caught, interceptor };
}

describe.each(protocols)("%s: an interceptor that catches the error of `next`", (protocol) => {
  test("the interceptor gets an instance of Connect's class for a lost connection", async () => {
    const { caught, interceptor } = watching();
    await using server = await ofSockets((socket) => socket.resetAndDestroy())();
    await using client = clientOf(protocol, server, { interceptors: [interceptor] });
    expectError(await rejection(client.publish(request)), CentNetworkError);
    expectConnectError(caught[0]);
    expect(caught).toHaveLength(1);
  });

  testOfOurs(deadline)("the interceptor gets the code of a call that took too long", async () => {
    const { caught, interceptor } = watching();
    await using server = await ofSockets((socket) => socket.resume())();
    await using client = clientOf(protocol, server, { interceptors: [interceptor], timeoutMs: 60 });
    expectError(await rejection(client.publish(request)), CentTimeoutError);
    expect(expectConnectError(caught[0]).code).toBe(Code.DeadlineExceeded);
  });

  test("the interceptor gets the code and the headers of a refusal", async () => {
    const { caught, interceptor } = watching();
    await using server = await startTestServer();
    const options = { ...clientOptions(protocol, server), apiKey: "wrong", interceptors: [interceptor] };
    await using client = createClient(options);
    expectError(await rejection(client.publish(request)), CentUnauthorizedError);
    const error = expectConnectError(caught[0]);
    expect(error.code).toBe(Code.Unauthenticated);
    expect(error.metadata.has(protocol === "grpc" ? "content-type" : "date")).toBe(true);
  });

  test("the interceptor can answer an error with one of its own", async () => {
    const translating: Interceptor = (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        if (!(error instanceof ConnectError)) throw error;
        throw new ConnectError(
          `told: ${error.rawMessage}`,
          Code.Unauthenticated,
          error.metadata,
          undefined,
          error,
        );
      }
    };
    await using server = await ofSockets((socket) => socket.resetAndDestroy())();
    await using client = clientOf(protocol, server, { interceptors: [translating] });
    const error = expectError(await rejection(client.publish(request)), CentUnauthorizedError);
    expect(error.message).toContain("told: ");
  });
});

function expectConnectError(thrown: unknown): ConnectError {
  expect(thrown).toBeInstanceOf(ConnectError);
  const error = ConnectError.from(thrown);
  expect(error).toBe(thrown);
  expect(error).toMatchObject({ name: "ConnectError", code: expect.any(Number) });
  expect(error.message).toContain(error.rawMessage);
  expect(error.metadata).toBeInstanceOf(Headers);
  expect(error.findDetails(ErrorSchema)).toEqual([]);
  return error;
}
