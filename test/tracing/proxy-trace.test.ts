import { AsyncLocalStorage } from "node:async_hooks";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { afterEach, describe, expect, test, vi } from "vitest";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import type { TracedProxyRequest } from "../../src/index.ts";
import { eventTable } from "../../src/schema/event-table.ts";
import { listen, proxyChannel } from "../../src/tracing/channels.ts";
import { traceAnswer, traceStream } from "../../src/tracing/proxy-trace.ts";
import { rejection } from "../harness/expected-error.ts";

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Listens until the test ends. Gives the names of the events, and the requests. */
function listenToRequests(onStart: (request: TracedProxyRequest) => void = () => {}) {
  const events: string[] = [];
  const requests: TracedProxyRequest[] = [];
  const start = (request: TracedProxyRequest) => {
    requests.push(request);
    onStart(request);
  };
  const record = (name: string) => () => void events.push(name);
  stops.push(listen(proxyChannel, { start, error: record("error"), asyncEnd: record("asyncEnd") }));
  return { events, requests };
}

const eventOf = (name: string) =>
  eventTable(CentrifugoProxy).find((event) => event.name === name) ?? expect.fail();
const asked = (name: string, key?: string, headers: Record<string, string> = {}) => ({
  event: eventOf(name),
  key,
  context: { headers: new Headers(headers) },
});

describe("the answer to a request", () => {
  type Response = MessageInitShape<typeof CentrifugoProxy.method.publish.output>;
  const answered = (response: Response, ...given: Parameters<typeof asked>) => {
    const message = create(CentrifugoProxy.method.publish.output, response);
    return traceAnswer(asked(...given), async () => message).then((same) => expect(same).toBe(message));
  };

  test("an answer that nobody listens to is the answer itself", () => {
    const answer = Promise.resolve(create(CentrifugoProxy.method.publish.output));
    expect(traceAnswer(asked("publish"), () => answer)).toBe(answer);
  });

  test("a request has its event, and its channel or its method", async () => {
    const { requests, events } = listenToRequests();
    await answered({}, "publish", "chat");
    await answered({}, "rpc", "sum", { "content-type": "application/grpc+proto" });
    await answered({}, "connect", undefined, { "content-type": "application/json" });
    const names = ["event", "rpc", "transport", "channel", "method"] as const;
    const service = "centrifugal.centrifugo.proxy.CentrifugoProxy";
    expect(requests.map((request) => names.map((name) => request[name]))).toEqual([
      ["publish", `${service}/Publish`, "http", "chat", undefined],
      ["rpc", `${service}/RPC`, "grpc", undefined, "sum"],
      ["connect", `${service}/Connect`, "http", undefined, undefined],
    ]);
    expect(events).toEqual(["asyncEnd", "asyncEnd", "asyncEnd"]);
  });

  test("a request ends with the outcome of its answer, and its code", async () => {
    const { requests } = listenToRequests();
    await answered({ result: {} }, "publish", "chat");
    await answered({ error: { code: 1001 } }, "publish", "chat");
    await answered({ disconnect: { code: 4501 } }, "publish", "chat");
    expect(requests.map(({ outcome, code }) => [outcome, code])).toEqual([
      ["result", undefined],
      ["error", 1001],
      ["disconnect", 4501],
    ]);
  });

  test("a failure is the error of its request, which has no outcome", async () => {
    const { requests, events } = listenToRequests();
    const failure = new Error("no answer");
    expect(await rejection(traceAnswer(asked("publish"), () => Promise.reject(failure)))).toBe(failure);
    expect(requests).toMatchObject([{ error: failure, outcome: undefined, code: undefined }]);
    expect(events).toEqual(["error", "asyncEnd"]);
  });

  test.each([
    ["traceparent", "1"],
    ["TraceParent", "1"],
    ["x-absent", undefined],
    ["cookie", undefined],
    ["Cookie", undefined],
    ["Authorization", undefined],
    ["proxy-authorization", undefined],
    ["X-API-Key", undefined],
  ])("the start of a request shows the header %s as %j", async (name, value) => {
    const read: unknown[] = [];
    listenToRequests((request) => read.push(request.getHeader(name)));
    const secrets = { cookie: "1", authorization: "1", "proxy-authorization": "1", "x-api-key": "1" };
    await answered({}, "publish", "chat", { traceparent: "1", ...secrets });
    expect(read).toEqual([value]);
  });
});

describe("a stream", () => {
  const traced = (open: () => AsyncGenerator<number, void>) =>
    traceStream(asked("subscribeUnidirectional", "chat"), open)[Symbol.asyncIterator]();
  async function* two() {
    yield 1;
    yield 2;
  }

  test("a stream that nobody listens to is the handler's own", () => {
    const values = two();
    expect(traceStream(asked("subscribeUnidirectional"), () => values)).toBe(values);
  });

  test("a stream ends its trace after its last value, and without an outcome", async () => {
    const { events, requests } = listenToRequests();
    const values = traced(two);
    expect([await values.next(), await values.next()]).toMatchObject([{ value: 1 }, { value: 2 }]);
    expect(events).toEqual([]);
    expect(await values.next()).toEqual({ done: true, value: undefined });
    await expect.poll(() => events).toEqual(["asyncEnd"]);
    expect(requests).toMatchObject([{ channel: "chat", outcome: undefined }]);
  });

  test("a reader that leaves ends the trace and the stream", async () => {
    const { events } = listenToRequests();
    const left = vi.fn();
    const values = traced(async function* () {
      try {
        yield* two();
      } finally {
        left();
      }
    });
    await values.next();
    expect(await values.return?.()).toEqual({ done: true, value: undefined });
    expect(left).toHaveBeenCalledOnce();
    await expect.poll(() => events).toEqual(["asyncEnd"]);
  });

  test("a stream that fails throws to its reader, and its trace has the cause", async () => {
    const { events, requests } = listenToRequests();
    const cause = new Error("no more");
    const failure = new Error("subscribeUnidirectional failed", { cause });
    const values = traced(async function* () {
      yield 1;
      throw failure;
    });
    await values.next();
    expect(await rejection(values.next())).toBe(failure);
    await expect.poll(() => events).toEqual(["error", "asyncEnd"]);
    expect(requests[0]?.error).toBe(cause);
  });

  test("each step of a stream runs in the async context that a subscriber chose", async () => {
    const store = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    listenToRequests((request) => request.wrap((run) => store.run("span", run)));
    const values = traced(async function* () {
      try {
        seen.push(store.getStore());
        yield 1;
        seen.push(store.getStore());
        yield 2;
      } finally {
        seen.push(store.getStore());
      }
    });
    await values.next();
    await values.next();
    await values.return?.();
    expect(seen).toEqual(["span", "span", "span"]);
  });
});
