import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { PublishResultSchema } from "#api";
import type { CentClient, CentError } from "../../../src/index.ts";
import {
  CentApiResponseError,
  CentDecodeError,
  CentNetworkError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "../../../src/index.ts";
import { config, errorsOf, startBatching, three } from "../../harness/batching-set-up.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { protocols, startScripted, table } from "../../harness/scripted-server.ts";

const data = { text: "hi" };
const binary = new Uint8Array([0, 255]);

const two = (cent: CentClient): [Promise<unknown>, Promise<unknown>] => [
  cent.publish({ channel: "a", data }),
  cent.publish({ channel: "b", data }),
];

describe.each(protocols)("failures of batches over %s", (protocol) => {
  test.each<[string, object, abstract new (...args: never[]) => CentError]>([
    ["the connection breaks", { drop: true }, CentNetworkError],
    ["a gateway answers 503", { status: 503 }, CentTransportError],
    ["the server answers 500", { status: 500 }, CentTransportError],
    ["the server answers 429", { status: 429 }, CentTransportError],
    ["the server answers RESOURCE_EXHAUSTED", { grpcStatus: 8 }, CentTransportError],
    ["the server gives up at the deadline", { grpcStatus: 4 }, CentTimeoutError],
    ["the key is wrong", { status: 401 }, CentUnauthorizedError],
  ])("each call has its own error, and nothing is sent again, when %s", async (_title, fault, kind) => {
    if (protocol === "http" && "grpcStatus" in fault && fault.grpcStatus === 4) {
      // HTTP has no timeout status of its own: a gateway's 504 is a CentTransportError.
      kind = CentTransportError;
    }
    await using it = await startBatching(protocol);
    it.server.fail("batch", fault);
    const errors = await errorsOf(three(it.cent));
    const methods = errors.map((error) => (error as CentError).method);
    errors.forEach((error, index) => {
      expectError(error, kind, { method: methods[index] });
    });
    expect(methods).toEqual(["publish", "publish", "historyRemove"]);
    expect(new Set(errors).size).toBe(3);
    expect(it.requests()).toEqual([3]);
    await expect(Promise.all(three(it.cent))).resolves.toHaveLength(3);
  });

  test.each([
    ["too large for a proxy", { status: 413, grpcStatus: 8, message: "message larger than max (9 vs. 1)" }],
    ["not understood", { status: 400, grpcStatus: 3 }],
    ["a method that the server lacks", { status: 404, grpcStatus: 12 }],
  ])("each call is sent alone, in order, when the batch is %s", async (_title, { status, ...fault }) => {
    await using it = await startBatching(protocol);
    const subscriber = it.server.connect({ channels: ["a"] });
    it.server.fail("batch", protocol === "http" ? { status } : fault);
    it.server.fail("publish", { delayMs: 10 });
    it.server.fail("publish", { code: 107 });
    const [first, second, third, fourth] = await Promise.allSettled([
      it.cent.publish({ channel: "a", data: 1 }),
      it.cent.publish({ channel: "a", data: 2 }),
      it.cent.publish({ channel: "a", data: 3 }),
      it.cent.presenceStats({ channel: "b" }),
    ]);
    expect([first, third, fourth].map((outcome) => outcome?.status)).toEqual(Array(3).fill("fulfilled"));
    expect(second).toMatchObject({ reason: { code: 107, method: "publish" } });
    expect(it.requests().sort()).toEqual([4, "presenceStats", "publish", "publish", "publish"]);
    expect(subscriber.received.map((push) => push.type === "publication" && push.data)).toEqual([1, 3]);
  });

  test.each([1, 3])("calls that are sent again alone count toward inFlight %i", async (inFlight) => {
    let now = 0;
    let most = 0;
    await using it = await startBatching(protocol, {
      batching: { inFlight, maxCommands: 10 },
      interceptors: [
        (next) => async (request) => {
          most = Math.max(most, ++now);
          try {
            return await next(request);
          } finally {
            now--;
          }
        },
      ],
    });
    const subscriber = it.server.connect({ channels: ["a"] });
    it.server.fail("batch", { status: 413, grpcStatus: 12 }, { times: "always" });
    const calls = Array.from({ length: 60 }, (_, n) =>
      it.cent.publish({ channel: n % 3 === 0 ? "a" : `chat_${n}`, data: n }),
    );
    await Promise.all(calls);
    expect(most).toBe(inFlight);
    expect(subscriber.received.map((push) => push.type === "publication" && push.data)).toEqual(
      Array.from({ length: 20 }, (_, n) => n * 3),
    );
  });

  test("a call that is aborted before its batch is refused is not sent again", async () => {
    await using it = await startBatching(protocol);
    it.server.fail("batch", { status: 400, grpcStatus: 3, delayMs: 50 });
    const controller = new AbortController();
    const aborted = rejection(it.cent.publish({ channel: "a", data: 1 }, { signal: controller.signal }));
    const other = it.cent.publish({ channel: "a", data: 2 });
    const last = it.cent.publish({ channel: "a", data: 3 });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    expect(await aborted).toMatchObject({ message: "enough" });
    expect([(await other).offset, (await last).offset]).toEqual([1, 2]);
    expect(it.requests()).toEqual([3, "publish", "publish"]);
  });

  test("a call of a method that the server lacks is a CentUnimplementedError, as it is unbatched", async () => {
    await using it = await startBatching(protocol);
    const [blocked, published, called] = await Promise.allSettled([
      it.cent.blockUser({ user: "42" }),
      it.cent.publish({ channel: "a", data }),
      it.cent.rpc({ method: "none" }),
    ]);
    expect(published).toMatchObject({ status: "fulfilled" });
    expectError(blocked.status === "rejected" && blocked.reason, CentUnimplementedError, {
      method: "blockUser",
    });
    expectError(called.status === "rejected" && called.reason, CentApiResponseError, {
      method: "rpc",
      cause: false,
    });
    expect(it.requests().filter((request) => request === "publish")).toEqual([]);
  });

  test("transport error mode gives the same errors", async () => {
    const transport = { error_mode: "transport" } as const;
    await using it = await startBatching(
      protocol,
      {},
      {
        config: {
          ...config,
          http_api: { ...config.http_api, ...transport },
          grpc_api: { ...config.grpc_api, ...transport },
        },
      },
    );
    const [first, second] = await errorsOf([
      it.cent.publish({ channel: "none:x", data }),
      it.cent.history({ channel: "none:x" }),
    ]);
    const alone = await rejection(it.cent.publish({ channel: "none:x", data }));
    for (const error of [first, alone]) {
      const found = expectError(error, CentApiResponseError, { cause: false });
      const facts = { code: 102, serverMessage: "unknown channel", maybeExecuted: false, attempts: 1 };
      expect(found).toMatchObject(facts);
    }
    expect(second).toMatchObject({ code: 102, method: "history" });
  });

  test("a history with binary data fails no other call", async () => {
    await using it = await startBatching(protocol, {}, { methods: { rpc: () => ({ data: { n: 1 } }) } });
    await it.cent.publish({ channel: "binary:x", data: binary });
    await it.cent.publish({ channel: "y", data });
    it.server.connect({ channels: ["y"] });
    const [spoilt, history, presence, published, called] = await Promise.allSettled([
      it.cent.history({ channel: "binary:x", limit: -1 }),
      it.cent.history({ channel: "y", limit: -1 }),
      it.cent.presence({ channel: "y" }),
      it.cent.publish({ channel: "binary:x", data: binary }),
      it.cent.rpc({ method: "any" }),
    ]);
    if (protocol === "http") {
      expectError(spoilt.status === "rejected" && spoilt.reason, CentTransportError, { method: "history" });
    } else {
      expect(spoilt).toMatchObject({ value: { publications: [{ data: binary }] } });
    }
    expect(history).toMatchObject({ value: { publications: [{ data }] } });
    expect(presence).toMatchObject({ status: "fulfilled" });
    expect(published).toMatchObject({ value: { offset: 2 } });
    expect(called).toMatchObject({ value: { data: { n: 1 } } });
    const publishes = it.server.calls.flatMap(({ method, request }) =>
      method === "publish"
        ? [request]
        : ((request.commands ?? []) as object[]).filter((one) => "publish" in one),
    );
    expect(publishes).toHaveLength(3);
  });

  test("a call that cannot be written over HTTP fails no other call", async () => {
    await using it = await startBatching(protocol);
    // HTTP-JSON cannot carry these bytes: `info` has no b64 sibling.
    const [refreshed, published] = await Promise.allSettled([
      it.cent.refresh({ user: "42", info: binary }),
      it.cent.publish({ channel: "a", data }),
    ]);
    expect(published).toMatchObject({ value: { offset: 1 } });
    if (protocol === "http") {
      const error = expectError(refreshed.status === "rejected" && refreshed.reason, CentRequestError, {
        method: "refresh",
      });
      expect(error.field).toBe("info");
    } else expect(refreshed.status).toBe("fulfilled");
  });

  test("an integer that a number cannot hold fails only its own call", async () => {
    await using it = await startBatching(
      protocol,
      {},
      {
        methods: { publish: ({ channel }) => ({ offset: channel === "a" ? 2n ** 60n : 5n, epoch: "" }) },
      },
    );
    const [first, second] = await Promise.allSettled([
      it.cent.publish({ channel: "a", data }),
      it.cent.publish({ channel: "b", data }),
    ]);
    expectError(first.status === "rejected" && first.reason, CentDecodeError);
    expect(second).toMatchObject({ value: { offset: 5 } });
  });

  test("missing and empty replies of a batch are CentDecodeErrors", async () => {
    const { rpc } = table.batch;
    let replies: object[] = [{}];
    await using server = await startScripted(protocol, () => create(rpc.output, { replies }));
    await using cent = clientOf(protocol, server, { batching: true });
    for (const error of await errorsOf(two(cent))) expectError(error, CentDecodeError);
    replies = [{}, { publish: create(PublishResultSchema, { offset: 3n }) }];
    const [empty, fine] = await Promise.allSettled(two(cent));
    expectError(empty?.status === "rejected" && empty.reason, CentDecodeError, { cause: true });
    expect(fine).toMatchObject({ value: { offset: 3 } });
  });

  test("a failing apiKey function fails each call, and nothing is sent", async () => {
    await using it = await startBatching(protocol, {
      apiKey: () => {
        throw new Error("no key today");
      },
    });
    const errors = await errorsOf(three(it.cent));
    expect(errors.map((error) => (error as CentError).method)).toEqual([
      "publish",
      "publish",
      "historyRemove",
    ]);
    for (const error of errors) expect(error).toBeInstanceOf(CentRequestError);
    expect(it.requests()).toEqual([]);
  });
});

test("an rpc with binary data fails no other call over HTTP, and no call is executed twice", async () => {
  const executed: string[] = [];
  await using it = await startBatching(
    "http",
    {},
    {
      methods: {
        rpc: ({ method }) => {
          executed.push(`${method}`);
          return { data: method === "binary" ? binary : { n: 1 } };
        },
      },
    },
  );
  const methods = ["binary", "json", "json"];
  const outcomes = await Promise.allSettled(methods.map((method) => it.cent.rpc({ method })));
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(executed.sort()).toEqual(methods);
});
