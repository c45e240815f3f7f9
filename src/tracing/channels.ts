import type { TracingChannel, TracingChannelSubscribers } from "node:diagnostics_channel";
import { nodeProcess } from "../limits/node-process.ts";
import type { TracedCall, TracedProxyRequest } from "./traced.ts";

type Diagnostics = typeof import("node:diagnostics_channel");
type GetBuiltinModule = (name: "node:diagnostics_channel") => Diagnostics | undefined;
type Channel<Context extends object> = TracingChannel<unknown, Context>;
/** The part of a channel that tells whether anybody listens. */
type Audience = { readonly hasSubscribers?: boolean } & Readonly<
  Record<(typeof parts)[number], { readonly hasSubscribers: boolean }>
>;
const parts = ["start", "end", "asyncStart", "asyncEnd", "error"] as const;

// An import would not do: browsers and edge runtimes lack the module, and bundles for them must build.
const { getBuiltinModule } = (nodeProcess ?? {}) as { getBuiltinModule?: GetBuiltinModule };
const diagnostics = getBuiltinModule?.("node:diagnostics_channel");

function channel<Context extends object>(name: string): Channel<Context> | undefined {
  return diagnostics?.tracingChannel?.<unknown, Context>(name);
}

/** `tracing:tscent.call`; undefined in a runtime without such channels. */
export const callChannel: Channel<TracedCall> | undefined = channel("tscent.call");
/** `tracing:tscent.proxy`. */
export const proxyChannel: Channel<TracedProxyRequest> | undefined = channel("tscent.proxy");

/** Listens to some of the events of a channel. Gives a function that ends it. */
export function listen<Context extends object>(
  to: Channel<Context> | undefined,
  handlers: Partial<TracingChannelSubscribers<Context>>,
): () => void {
  // The types demand all five.
  const given = handlers as TracingChannelSubscribers<Context>;
  to?.subscribe(given);
  return () => to?.unsubscribe(given);
}

/** Whether anybody listens to a channel. Where nobody does, this check is all that tracing costs. */
function isHeard(channel: Audience | undefined): boolean {
  // In Bun, only the parts of a channel have `hasSubscribers`.
  return (
    channel !== undefined && (channel.hasSubscribers ?? parts.some((part) => channel[part].hasSubscribers))
  );
}

export const areCallsTraced = (): boolean => isHeard(callChannel);
export const areHandlersTraced = (): boolean => isHeard(proxyChannel);
