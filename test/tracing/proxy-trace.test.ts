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
  const isFailure = (thrown: unknown) => thrown instanceof Error;
  const traced = (open: () => AsyncIterable<number>) =>
    traceStream(asked("subscribeUnidirectional", "chat"), isFailure, open)[Symbol.asyncIterator]();
  /** A stream whose iterator has these functions. */
  const having = (iterator: Partial<AsyncIterator<number>>) => () => ({
    [Symbol.asyncIterator]: () => iterator as AsyncIterator<number>,
  });
  async function* two() {
    yield 1;
    yield 2;
  }

  test("a stream that nobody listens to is the handler's own", () => {
    const values = two();
    expect(traceStream(asked("subscribeUnidirectional"), isFailure, () => values)).toBe(values);
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
    const end = vi.fn(async (value: unknown) => ({ done: true, value }) as const);
    const values = traced(having({ return: end }));
    expect(await values.return?.("left")).toEqual({ done: true, value: "left" });
    expect(end).toHaveBeenCalledExactlyOnceWith("left");
    await expect.poll(() => events).toEqual(["asyncEnd"]);
  });

  test("a reader may leave a stream that cannot be ended", async () => {
    const { events } = listenToRequests();
    expect(await traced(having({})).return?.("left")).toEqual({ done: true, value: "left" });
    await expect.poll(() => events).toEqual(["asyncEnd"]);
  });

  test.each([
    [new Error("no more"), ["error", "asyncEnd"]],
    ["a refusal", ["asyncEnd"]],
  ])("a stream that throws %s publishes %j, and throws to its reader", async (thrown, expected) => {
    const { events, requests } = listenToRequests();
    const values = traced(having({ next: () => Promise.reject(thrown) }));
    expect(await rejection(values.next())).toBe(thrown);
    await expect.poll(() => events).toEqual(expected);
    expect(requests[0]?.error).toBe(isFailure(thrown) ? thrown : undefined);
  });

  test("a handler that cannot open its stream fails the trace", async () => {
    const { events } = listenToRequests();
    const thrown = new Error("closed");
    const open = () => {
      throw thrown;
    };
    expect(() => traced(open)).toThrow(thrown);
    await expect.poll(() => events).toEqual(["error", "asyncEnd"]);
  });

  test("each step of a stream runs within the functions of subscribers", async () => {
    let steps = 0;
    listenToRequests((request) =>
      request.wrap((run) => {
        steps++;
        return run();
      }),
    );
    const values = traced(two);
    const opened = steps;
    await values.next();
    expect(steps).toBe(opened + 1);
    await values.return?.();
    expect(steps).toBe(opened + 2);
  });
});
