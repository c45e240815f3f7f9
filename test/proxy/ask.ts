import type { CentProxy, ProxyOptions } from "../../src/proxy/index.ts";
import { createProxy } from "../../src/proxy/index.ts";

/** Posts JSON to a proxy as Centrifugo does, and gives status and parsed answer. */
export async function ask(proxy: CentProxy, event: string, request: unknown) {
  const body = typeof request === "string" ? request : JSON.stringify(request);
  const response = await proxy.fetch(new Request(`http://app/centrifugo/${event}`, { method: "POST", body }));
  const text = await response.text();
  return { status: response.status, answer: response.status === 200 ? JSON.parse(text) : text, text };
}

/** A proxy without a secret whose one event has a handler for all names, with the errors that it reports. */
export function proxyWith(
  name: string,
  handler: (request: never, context: never) => unknown,
  extra: object = {},
) {
  const errors: string[] = [];
  const isKeyed = !["connect", "refresh", "notifyChannelState"].includes(name);
  const options = {
    secret: false,
    onError: (error: unknown) => errors.push(String(error)),
    ...extra,
    [name]: isKeyed ? { "*": handler } : handler,
  };
  return { proxy: createProxy(options as unknown as ProxyOptions), errors };
}
