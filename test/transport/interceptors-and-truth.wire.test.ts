import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOptions } from "../harness/batching-set-up.ts";
import { rejection } from "../harness/expected-error.ts";
import { unusedPort } from "../harness/listening-server.ts";
import { protocols } from "../harness/scripted-server.ts";
import { testOfOurs } from "../harness/stock-grpc/test-of-ours.ts";

/** The error of a publish that an interceptor fails, and how often the server executed it. */
async function published(protocol: (typeof protocols)[number], interceptor: Interceptor) {
  await using server = await startTestServer();
  await using cent = createClient({ ...clientOptions(protocol, server), interceptors: [interceptor] });
  const error = await rejection(cent.publish({ channel: "chat", data: 1 }));
  return { ...(error as { maybeExecuted: boolean; attempts: number }), executed: server.calls.length };
}

const refused = () =>
  new ConnectError(
    "refused",
    Code.Unavailable,
    undefined,
    undefined,
    Object.assign(new Error(), { code: "ECONNREFUSED" }),
  );

const testOfOwnLoss = testOfOurs(
  "the client cannot tell an interceptor's lost connection from the transport's",
);

describe.each(protocols)("%s: maybeExecuted", (protocol) => {
  testOfOwnLoss(
    "an interceptor that fails after the reply does not hide that the call was executed",
    async () => {
      const url = `http://127.0.0.1:${await unusedPort()}/audit`;
      const audits: Interceptor = (next) => async (request) => {
        const response = await next(request);
        await fetch(url);
        return response;
      };
      expect(await published(protocol, audits)).toMatchObject({ executed: 1, maybeExecuted: true });
      const wraps: Interceptor = (next) => async (request) => {
        await next(request);
        throw refused();
      };
      expect(await published(protocol, wraps)).toMatchObject({ executed: 1, maybeExecuted: true });
    },
  );

  test("an interceptor that passes on a transport's error keeps its code and maybeExecuted", async () => {
    await using cent = createClient({
      transport: protocol,
      url: `http://127.0.0.1:${await unusedPort()}/api`.slice(0, protocol === "grpc" ? -4 : undefined),
      retry: false,
      interceptors: [(next) => (request) => next(request)],
    });
    expect(await rejection(cent.info())).toMatchObject({ code: "ECONNREFUSED", maybeExecuted: false });
  });
});
