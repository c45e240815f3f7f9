import { create } from "@bufbuild/protobuf";
import type { Interceptor, Transport } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import {
  CentDecodeError,
  CentError,
  CentRequestError,
  CentTimeoutError,
  CentTransportError,
  createClient,
} from "../../src/index.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

const url = "http://centrifugo.test/api";

async function outcome(interceptor: unknown): Promise<unknown> {
  const { fetch } = scriptedFetch('{"result":{}}');
  const cent = createClient({ url, http: { fetch }, interceptors: [interceptor as Interceptor] });
  return cent.publish({ channel: "a", data: 1 }).catch((reason: unknown) => reason);
}

describe("interceptors", () => {
  test.each([() => undefined, async (next: unknown) => next])(
    "an interceptor must return a function, case %#",
    (interceptor) => {
      const interceptors = [interceptor as never];
      expect(() => createClient({ url, interceptors })).toThrow("interceptors: expected");
      expect(() => createClient({ url, interceptors: [(next) => next, interceptor as never] })).toThrow(
        TypeError,
      );
    },
  );

  test.each([{}, 5, undefined, { message: null }, { message: create(InfoResponseSchema) }])(
    "a call rejects if an interceptor gives %j instead of a response",
    async (response) => {
      const error = await outcome(() => async () => response);
      expect(error).toBeInstanceOf(CentDecodeError);
      expect(error).toMatchObject({ method: "publish" });
    },
  );

  test("a message that an interceptor made impossible to write is a CentRequestError", async () => {
    const error = await outcome((next: (request: unknown) => unknown) => (request: object) => {
      Reflect.set(Reflect.get(request, "message"), "channel", 1n);
      return next(request);
    });
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ method: "publish", field: undefined });
  });

  test("a failure of an interceptor differs from an error of the server", async () => {
    const thrown = Object.assign(new Error("redis is down"), { code: "ECONNREFUSED" });
    const error = await outcome(() => async () => {
      throw thrown;
    });
    expect(error).toBeInstanceOf(CentError);
    expect(error).not.toBeInstanceOf(CentTransportError);
    expect(error).toMatchObject({
      name: "CentError",
      method: "publish",
      message: expect.stringContaining("redis is down"),
    });
    expect((error as Error).cause).toBe(thrown);
  });

  test("interceptors share context values, which have a default and can be deleted", async () => {
    const key = { id: Symbol("place"), defaultValue: "nowhere" };
    const seen: string[] = [];
    const outer: Interceptor = (next) => async (request) => {
      const { contextValues } = request;
      seen.push(contextValues.get(key));
      const response = await next({
        ...request,
        contextValues: contextValues.set(key, "outer"),
      } as typeof request);
      seen.push(contextValues.get(key), contextValues.delete(key).get(key));
      return response;
    };
    const inner: Interceptor = (next) => (request) => {
      seen.push(request.contextValues.get(key));
      return next(request);
    };
    const { fetch } = scriptedFetch();
    await createClient({ url, http: { fetch }, interceptors: [outer, inner] }).publish({
      channel: "a",
      data: 1,
    });
    expect(seen).toEqual(["nowhere", "outer", "outer", "nowhere"]);
  });

  test("a timeout signal of an interceptor ends a call with CentTimeoutError", async () => {
    const never = () => new Promise<Response>(() => {});
    const limit: Interceptor = (next) => (request) =>
      next({ ...request, signal: AbortSignal.timeout(20) } as never);
    const cent = createClient({ url, http: { fetch: never }, interceptors: [limit] });
    await expect(cent.info()).rejects.toThrow(CentTimeoutError);
  });

  test("a wrong type that an interceptor puts into the message is a CentRequestError with its field", async () => {
    const error = await outcome(
      (next: (request: never) => unknown) => (request: { message: { data: unknown } }) => {
        request.message.data = '{"a":1}';
        return next(request as never);
      },
    );
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ field: "data" });
  });
});

describe("transports of callers", () => {
  test.each(["timeoutMs", "signal"])(
    "a transport that ignores %s does not keep its caller waiting",
    async (limit) => {
      const transport = {
        unary: () => new Promise(() => {}),
        stream: () => new Promise(() => {}),
      } as unknown as Transport;
      const cent = createClient({ transport });
      const reason = new Error("enough");
      const call =
        limit === "timeoutMs"
          ? cent.info({}, { timeoutMs: 20 })
          : cent.info({}, { signal: abortedSoon(reason) });
      if (limit === "timeoutMs") await expect(call).rejects.toThrow(CentTimeoutError);
      else await expect(call).rejects.toBe(reason);
    },
  );
});

function abortedSoon(reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 20);
  return controller.signal;
}
