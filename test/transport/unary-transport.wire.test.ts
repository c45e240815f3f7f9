import { create } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { createContextKey, createContextValues } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { CentrifugoApi, PublishResponseSchema } from "#api";
import { createUnaryTransport } from "../../src/transport/unary-transport.ts";
import { wireResponse } from "../../src/transport/wire-messages.ts";
import { startBatching } from "../harness/batching-set-up.ts";
import { protocols } from "../harness/scripted-server.ts";

const tenant = createContextKey("nobody");

describe("context values", () => {
  test("interceptors see the context values of a call, or else the defaults", async () => {
    const seen: string[] = [];
    const watching: Interceptor = (next) => (request) => {
      seen.push(request.contextValues.get(tenant));
      return next(request);
    };
    const { publish } = CentrifugoApi.method;
    const { transport } = createUnaryTransport({
      close: async () => {},
      interceptors: [watching],
      url: () => "http://centrifugo.test/api/publish",
      roundTrip: ({ method }, call) =>
        call.resolve(wireResponse(method, create(PublishResponseSchema), () => new Headers())),
    });
    const values = createContextValues().set(tenant, "one");
    await transport.unary(publish, undefined, undefined, undefined, { channel: "a" }, values);
    await transport.unary(publish, undefined, undefined, undefined, { channel: "a" });
    expect(seen).toEqual(["one", "nobody"]);
  });

  test.each(protocols)(
    "context values over %s go from one interceptor to the next, and not to another call",
    async (protocol) => {
      const seen: string[] = [];
      const outer: Interceptor = (next) => (request) => {
        seen.push(request.contextValues.get(tenant));
        request.contextValues.set(tenant, "one");
        return next(request);
      };
      const inner: Interceptor = (next) => (request) => {
        seen.push(request.contextValues.get(tenant));
        return next(request);
      };
      await using it = await startBatching(protocol, { batching: false, interceptors: [outer, inner] });
      await it.cent.publish({ channel: "a", data: 1 });
      await it.cent.publish({ channel: "a", data: 1 });
      expect(seen).toEqual(["nobody", "one", "nobody", "one"]);
    },
  );
});
