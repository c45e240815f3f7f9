import { nodeProcess } from "../limits/node-process.ts";
import { callChannel, listen } from "./channels.ts";
import type { TracedCall } from "./traced.ts";

const isLogged = Symbol.for("tscent.debug");

/** Prints a line for each call where `NODE_DEBUG` says so. Elsewhere it loads nothing. */
export function logCalls(): void {
  const { versions, env, getBuiltinModule } = nodeProcess ?? {};
  // Deno asks the user before it shows a variable.
  if (callChannel === undefined || versions?.deno !== undefined) return;
  if (!/tscent|\*/i.test(env?.NODE_DEBUG ?? "")) return;
  const log = getBuiltinModule?.("node:util").debuglog("tscent");
  // The package may be loaded twice, as ES modules and as CommonJS.
  // Bun does not say whether it is enabled.
  if (log === undefined || log.enabled === false || isLogged in callChannel.start) return;
  Object.defineProperty(callChannel.start, isLogged, { value: true });
  const begun = new WeakMap<object, number>();
  listen(callChannel, {
    start(call) {
      if (call.kind !== "request") begun.set(call, performance.now());
    },
    asyncEnd(call) {
      const from = begun.get(call);
      if (from !== undefined) log(lineOf(call, performance.now() - from));
    },
  });
}

/** `publish "chat" over http: ok in 3 ms, 1 attempt`. No message of an error: it may have the server's words. */
function lineOf(call: TracedCall, ms: number): string {
  const { method, channel, channelCount, transport, status, error, attempts, progress } = call;
  // As JSON, for a channel may have line breaks.
  const about = channelCount === undefined ? JSON.stringify(channel) : `${channelCount} channels`;
  const subject = about === undefined ? method : `${method} ${about}`;
  const name = error instanceof Error ? error.name : "aborted";
  const outcome = error === undefined ? "ok" : [name, status].filter(Boolean).join(" ");
  const counts = Object.entries(progress ?? {}).map(([name, count]) => `${count} ${name}`);
  const sent =
    progress === undefined ? `${attempts} ${attempts === 1 ? "attempt" : "attempts"}` : counts.join(", ");
  return `${subject} over ${transport}: ${outcome} in ${ms.toFixed(1)} ms, ${sent}`;
}
