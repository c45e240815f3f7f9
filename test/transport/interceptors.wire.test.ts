import { create } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import type { PublishRequest, PublishResponse } from "#api";
import { CentrifugoApi, PublishRequestSchema, PublishResponseSchema } from "#api";
import {
  CentError,
  CentNetworkError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
} from "../../src/index.ts";
import { clientOf, expectError, rejection, secret } from "../harness/expected-error.ts";
import { ofReply, ofSockets } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { differences, testOfOurs } from "../harness/stock-grpc/test-of-ours.ts";

const published = create(PublishResponseSchema, { result: { offset: 7n, epoch: "e" } });
const request = { channel: "chat", data: { n: 1 } };

describe.each(protocols)("%s: interceptors", (protocol) => {
  test("interceptors run in order, the first one outermost", async () => {
    const seen: string[] = [];
    const tracing =
      (name: string): Interceptor =>
      (next) =>
      async (call) => {
        seen.push(`${name} before`);
        const response = await next(call);
        seen.push(`${name} after`);
        return response;
      };
    await using server = await startScripted(protocol, () => {
      seen.push("server");
      return published;
    });
    await using client = clientOf(protocol, server, { interceptors: [tracing("one"), tracing("two")] });
    await client.publish(request);
    expect(seen).toEqual(["one before", "two before", "server", "two after", "one after"]);
  });

  test("interceptors see the generated messages, and where they go", async () => {
    const seen: unknown[] = [];
    const watching: Interceptor = (next) => async (call) => {
      const { publish } = CentrifugoApi.method;
      expect([call.stream, call.method, call.service]).toEqual([false, publish, CentrifugoApi]);
      expect([call.requestMethod, call.header.get("authorization")]).toEqual(["POST", `apikey ${secret}`]);
      expect(call.signal).toBeInstanceOf(AbortSignal);
      const response = await next(call);
      if (call.stream || response.stream) throw new Error("all calls are unary");
      seen.push(call.message.$typeName, call.url, response.message.$typeName);
      expect((response.message as PublishResponse).result?.offset).toBe(7n);
      seen.push(response.header.get("content-type"), response.trailer.get("grpc-status"));
      return response;
    };
    await using server = await startScripted(protocol, () => published);
    await using client = clientOf(protocol, server, { interceptors: [watching] });
    await client.publish(request);
    const api = "centrifugal.centrifugo.api";
    const over =
      protocol === "http"
        ? { path: "/publish", type: "application/json", status: null }
        : { path: `/${api}.CentrifugoApi/Publish`, type: "application/grpc+proto", status: "0" };
    expect(seen).toEqual([
      `${api}.PublishRequest`,
      `${server.url}${over.path}`,
      `${api}.PublishResponse`,
      over.type,
      over.status,
    ]);
  });

  test("an interceptor can change headers, message and result", async () => {
    const changing: Interceptor = (next) => async (call) => {
      call.header.set("x-trace", "42");
      call.header.delete("x-unwanted");
      (call.message as PublishRequest).channel += "-1";
      const response = await next(call);
      const { result } = (response as { message: Pick<PublishResponse, "result"> }).message;
      if (result !== undefined) result.offset++;
      return response;
    };
    await using server = await startScripted(protocol, () => published);
    await using client = clientOf(protocol, server, {
      interceptors: [changing],
      headers: { "x-unwanted": "here" },
    });
    expect(await client.publish(request)).toEqual(resultOf("publish", { offset: 8, epoch: "e" }));
    const [received] = server.received;
    expect(received?.headers.get("x-trace")).toBe("42");
    expect(received?.headers.has("x-unwanted")).toBe(false);
    expect(received?.message).toMatchObject({ channel: "chat-1" });
  });

  test("an interceptor can replace the request's message and the response's", async () => {
    const replacing: Interceptor = (next) => (call) => {
      const data = new TextEncoder().encode("{}");
      const message = create(PublishRequestSchema, { channel: "other", data });
      return next({ ...call, message } as typeof call);
    };
    const answering: Interceptor = (next) => async (call) =>
      (call.message as PublishRequest).channel === "other"
        ? await next(call)
        : ({
            ...(await next(call)),
            message: create(PublishResponseSchema, { result: { offset: 99n } }),
          } as never);
    await using server = await startScripted(protocol, () => published);
    await using replacer = clientOf(protocol, server, { interceptors: [replacing] });
    expect(await replacer.publish(request)).toEqual(resultOf("publish", { offset: 7, epoch: "e" }));
    expect(server.received[0]?.message).toMatchObject({ channel: "other" });
    await using answerer = clientOf(protocol, server, { interceptors: [answering] });
    expect(await answerer.publish(request)).toEqual(resultOf("publish", { offset: 99, epoch: "" }));
  });

  test("an interceptor can answer without the server", async () => {
    const answering: Interceptor = () => async (call) =>
      ({
        stream: false,
        service: call.service,
        method: call.method,
        header: new Headers(),
        trailer: new Headers(),
        message: create(PublishResponseSchema, { result: { offset: 99n } }),
      }) as never;
    await using server = await startScripted(protocol, () => published);
    await using client = clientOf(protocol, server, { interceptors: [answering] });
    expect(await client.publish(request)).toEqual({ offset: 99, epoch: "" });
    expect([server.received.length, server.accepted()]).toEqual([0, 0]);
  });

  testOfOurs(differences.wraps)("an interceptor can call again", async () => {
    let calls = 0;
    const retrying: Interceptor = (next) => async (call) => {
      try {
        return await next(call);
      } catch (error) {
        expect(ConnectError.from(error).code).toBe(Code.Unavailable);
        return await next(call);
      }
    };
    const start = ofSockets((socket) => socket.resetAndDestroy());
    await using broken = await start();
    const { port } = broken;
    let back: AsyncDisposable | undefined;
    await using client = clientOf(protocol, broken, {
      interceptors: [
        retrying,
        (next) => async (call) => {
          if (calls++ === 1) {
            await broken[Symbol.asyncDispose]();
            back = await startScripted(protocol, () => published, { port });
          }
          return await next(call);
        },
      ],
    });
    expect(await client.publish(request)).toEqual(resultOf("publish", { offset: 7, epoch: "e" }));
    expect(calls).toBe(2);
    await back?.[Symbol.asyncDispose]();
  });

  testOfOurs(differences.wraps)(
    "the error of a failing interceptor has the thrown error as its cause",
    async () => {
      class Refused extends Error {}
      const thrown = new Refused("not today");
      await using server = await startScripted(protocol, () => published);
      for (const when of ["before", "after"]) {
        await using client = clientOf(protocol, server, {
          interceptors: [
            (next) => async (call) => {
              if (when === "after") await next(call);
              throw thrown;
            },
          ],
        });
        const error = expectError(await rejection(client.publish(request)), CentError);
        expect(error.message).toBe("publish: an interceptor failed: not today");
        expect(error.cause).toBe(thrown);
      }
      expect(server.received).toHaveLength(1);
    },
  );

  test("an outer interceptor sees the response headers that an inner one sets", async () => {
    await using server = await startScripted(protocol, () => published);
    const seen: (string | null)[] = [];
    await using client = clientOf(protocol, server, {
      interceptors: [
        (next) => async (call) => {
          const response = await next(call);
          seen.push(response.header.get("x-note"), response.trailer.get("x-note"));
          return response;
        },
        (next) => async (call) => {
          const response = await next(call);
          response.header.set("x-note", "1");
          response.trailer.set("x-note", "2");
          return response;
        },
      ],
    });
    await client.publish(request);
    expect(seen).toEqual(["1", "2"]);
  });

  test("a ConnectError that an interceptor throws is mapped as the server's", async () => {
    await using server = await startScripted(protocol, () => published);
    await using client = clientOf(protocol, server, {
      interceptors: [
        () => () => {
          throw new ConnectError("who are you?", Code.Unauthenticated);
        },
      ],
    });
    expectError(await rejection(client.publish(request)), CentUnauthorizedError);
  });

  testOfOurs(differences.wraps)("errors pass through interceptors unchanged", async () => {
    const passing: Interceptor = (next) => (call) => next(call);
    const observed: unknown[] = [];
    const observing: Interceptor = (next) => (call) =>
      next(call).catch((error: unknown) => {
        observed.push(error);
        throw error;
      });
    const interceptors = [passing, observing];
    await using closing = await ofSockets((socket) => socket.resetAndDestroy())();
    await using network = clientOf(protocol, closing, { interceptors });
    expectError(await rejection(network.publish(request)), CentNetworkError);
    await using silent = await ofSockets((socket) => socket.resume())();
    await using timeout = clientOf(protocol, silent, { interceptors, timeoutMs: 60 });
    expectError(await rejection(timeout.publish(request)), CentTimeoutError);
    expect(observed.map((error) => ConnectError.from(error).code)).toEqual([
      Code.Unavailable,
      Code.DeadlineExceeded,
    ]);
  });
});

test("http: a status passes through interceptors with its number", async () => {
  await using server = await ofReply(503)();
  await using client = clientOf("http", server, { interceptors: [(next) => (call) => next(call)] });
  expect(expectError(await rejection(client.publish(request)), CentTransportError).httpStatus).toBe(503);
});
