import { Controller, Inject, type InjectionToken, Post, Req, Res, type Type } from "@nestjs/common";
import type { CentProxy } from "../proxy/create-proxy.ts";
import type { NodeRequest, NodeResponse } from "../proxy/node-handler.ts";

type Proxy = Pick<CentProxy, "node">;
/** A request or response of Express, which is Node's own, or of Fastify, which has Node's as `raw`. */
type Wrapped<Part> = Part & { readonly raw?: Part; readonly rawBody?: Uint8Array };

/**
 * Makes a controller that answers Centrifugo at `path/connect`, `path/subscribe` and so on. A subclass may have decorators.
 *
 * @param token names the provider of the proxy: a factory that returns `createProxy(…)`, or a class with the `node` of one.
 *   A provider without `node` stops the start of the application with a TypeError.
 */
export function createProxyController(path: string, token: InjectionToken<Proxy>): Type<object> {
  class CentProxyController {
    readonly #proxy: Proxy;
    constructor(proxy: Proxy | undefined) {
      if (typeof proxy?.node !== "function")
        throw new TypeError(`createProxyController: the provider for ${path} gives no proxy of createProxy`);
      this.#proxy = proxy;
    }

    answer(request: Wrapped<NodeRequest>, response: Wrapped<NodeResponse>): Promise<void> {
      // Nest has read the body, and keeps its bytes if the application has `rawBody: true`.
      const incoming = Object.assign(request.raw ?? request, { body: request.rawBody ?? request.body });
      return this.#proxy.node(incoming, response.raw ?? response);
    }
  }
  const { prototype } = CentProxyController;
  Controller(path)(CentProxyController);
  Inject(token)(CentProxyController, undefined, 0);
  Post(":event")(prototype, "answer", Object.getOwnPropertyDescriptor(prototype, "answer") ?? {});
  Req()(prototype, "answer", 0);
  Res()(prototype, "answer", 1);
  return CentProxyController;
}
