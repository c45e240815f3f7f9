// `npm run demo`: makes the same calls over both transports and compares the outcomes. The server is embedded, or the
// Centrifugo at CENT_HTTP_URL and CENT_GRPC_URL (key in CENT_API_KEY, by default "api_key"). The last step shows a round of
// token, proxy and publish, always with an embedded server.
import { inspect, isDeepStrictEqual } from "node:util";
import type { CentClient } from "tscent";
import { CentApiResponseError, CentError, createClient, ErrorCode, failures, unwrap } from "tscent";
import { startTestServer } from "tscent/testing";
import { oneRound } from "./one-round.ts";

interface Message {
  text: string;
}

/** One step of the demo. Each transport has a new `channel` of its own, so both start without history. */
interface Step {
  readonly title: string;
  readonly run: (cent: CentClient, channel: string) => Promise<unknown>;
}

const steps: readonly Step[] = [
  {
    title: "publish",
    run: (cent, channel) => cent.publish({ channel, data: { text: "hello" } satisfies Message }),
  },
  {
    title: "publish, twice with one idempotency key",
    run: async (cent, channel) => {
      const request = { channel, data: { text: "once" }, idempotencyKey: "order-17" };
      return [await cent.publish(request), await cent.publish(request)];
    },
  },
  {
    title: "publish binary data, without keeping it",
    run: (cent, channel) => cent.publish({ channel, data: new Uint8Array([0, 255, 7]), skipHistory: true }),
  },
  {
    title: "history",
    run: async (cent, channel) => {
      const { publications, offset } = await cent.history<Message>({ channel, limit: 10 });
      return { texts: publications.map(({ data }) => data.text), offset };
    },
  },
  {
    title: "broadcast, one channel of which the server does not know",
    run: (cent, channel) =>
      cent.broadcast({ channels: [channel, "unknown:channel"], data: { text: "to all" } }),
  },
  {
    title: "batch, one command of which fails",
    run: async (cent, channel) => {
      const { replies } = await cent.batch({
        commands: [
          { publish: { channel, data: { text: "in a batch" } } },
          { presenceStats: { channel: "unknown:channel" } },
          { history: { channel } },
        ],
      });
      const [published, , history] = replies;
      if (!published.ok || !history.ok) return failures(replies);
      return { published: published.result.offset, top: history.result.offset, failures: failures(replies) };
    },
  },
  {
    title: "batch, unwrapped",
    run: async (cent, channel) => {
      const { replies } = await cent.batch({ commands: [{ presenceStats: { channel } }, { channels: {} }] });
      return unwrap(replies);
    },
  },
  {
    title: "an error caught by its class",
    run: async (cent) => {
      try {
        return await cent.publish({ channel: "unknown:channel", data: {} });
      } catch (error) {
        if (!(error instanceof CentApiResponseError) || error.code !== ErrorCode.UNKNOWN_CHANNEL) throw error;
        return `caught ${error.name} ${error.code}: ${error.message}`;
      }
    },
  },
  { title: "a method of Centrifugo PRO", run: (cent) => cent.getUserStatus({ users: ["42"] }) },
  { title: "presence", run: (cent, channel) => cent.presence({ channel }) },
  {
    title: "subscribe somebody who is offline",
    run: (cent, channel) => cent.subscribe({ channel, user: "42" }),
  },
  { title: "disconnect somebody who is offline", run: (cent) => cent.disconnect({ user: "42" }) },
  { title: "rpc", run: (cent) => cent.rpc({ method: "no-such-method" }) },
  { title: "history_remove", run: (cent, channel) => cent.historyRemove({ channel }) },
  { title: "history, after that", run: (cent, channel) => cent.history({ channel, limit: 10 }) },
  {
    title: "info",
    run: async (cent) => {
      const { nodes } = await cent.info();
      return nodes.map(({ version, numClients }) => ({ version, numClients }));
    },
  },
];

/** The outcome of a step without the values that differ by channel or transport, such as epochs. */
function comparable(outcome: unknown): unknown {
  if (outcome instanceof CentError) {
    const { name, method } = outcome;
    // HTTP and gRPC have different statuses, and a proxy in front of the server writes its own messages.
    return outcome instanceof CentApiResponseError ? { name, method, code: outcome.code } : { name, method };
  }
  if (Array.isArray(outcome)) return outcome.map(comparable);
  if (typeof outcome !== "object" || outcome === null) return outcome;
  const entries = Object.entries(outcome).map(([key, value]) => [
    key,
    key === "epoch" ? "…" : comparable(value),
  ]);
  return Object.fromEntries(entries);
}

function shown(outcome: unknown): string {
  const text = inspect(comparable(outcome), { depth: 8, breakLength: 100, compact: 4 });
  return text.replaceAll("\n", "\n           ");
}

const { CENT_HTTP_URL: httpUrl, CENT_GRPC_URL: grpcUrl, CENT_API_KEY: apiKey = "api_key" } = process.env;
if ((httpUrl === undefined) !== (grpcUrl === undefined)) {
  throw new Error("Set both CENT_HTTP_URL and CENT_GRPC_URL, or neither.");
}
await using embedded = httpUrl === undefined ? await startTestServer() : undefined;
await using http = createClient({
  url: httpUrl ?? embedded?.httpUrl ?? "",
  apiKey: embedded?.apiKey ?? apiKey,
});
await using grpc = createClient({
  transport: "grpc",
  url: grpcUrl ?? embedded?.grpcUrl ?? "",
  apiKey: embedded?.apiKey ?? apiKey,
});

console.log(embedded === undefined ? `Centrifugo at ${httpUrl} and ${grpcUrl}` : "An embedded server");
const run = Date.now().toString(36);
let disagreements = 0;
function show(title: string, overHttp: unknown, overGrpc: unknown): void {
  const agree = isDeepStrictEqual(comparable(overHttp), comparable(overGrpc));
  if (!agree) disagreements++;
  console.log(
    `\n${title}\n  http     ${shown(overHttp)}\n  grpc     ${shown(overGrpc)}${agree ? "" : "   <- not the same"}`,
  );
}
for (const { title, run: call } of steps) {
  const outcomeOf = (cent: CentClient, transport: string) =>
    call(cent, `demo-${transport}-${run}`).catch((error: unknown) => {
      if (error instanceof CentError) return error;
      throw error;
    });
  show(title, await outcomeOf(http, "http"), await outcomeOf(grpc, "grpc"));
}
show(
  "one round: a token, a subscription, a publish, a call of the client",
  await oneRound("http"),
  await oneRound("grpc"),
);
const count = steps.length + 1;
console.log(
  disagreements === 0
    ? `\n${count} steps, the same over both transports.`
    : `\n${disagreements} of ${count} steps differ between the transports.`,
);
if (disagreements > 0) process.exitCode = 1;
