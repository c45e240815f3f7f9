import { Controller, Inject, type InjectionToken, Post, Req, Res, type Type } from "@nestjs/common";
import type { CentProxy } from "../proxy/create-proxy.ts";
import type { NodeRequest, NodeResponse } from "../proxy/node-handler.ts";

type Proxy = Pick<CentProxy, "node">;
/** Node's own, as in Express, or Fastify's with Node's as `raw`. `rawBody` is there if Nest is told to keep it. */
type Wrapped<Part> = Part & { readonly raw?: Part; readonly rawBody?: Uint8Array; hijack?(): void };

/**
 * Makes a controller that answers Centrifugo at `path/connect` and so on. More decorators go on a subclass of it.
 *
 * @param token a provider that gives what `createProxy` makes, or a class with its `node`. Without, no application starts
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
      response.hijack?.();
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
