import { createServer } from "node:http";
import { Centrifuge } from "centrifuge";
import { afterEach, inject, vi } from "vitest";
import type { TokenConfig } from "../../src/token/index.ts";
import { listen } from "../harness/listening-server.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import { whyNotReal } from "./servers.ts";

/** Why no server of a test can be started; empty if it can. */
export const obstacle = whyNotReal("a configuration of its own");
/** The end of a title, which says that its tests are skipped, and why. */
export const skipped = obstacle && ` (skipped: ${obstacle})`;
/** Some of these tests wait until something expires. */
export const timeout = 30_000;

export function binary(): string {
  const { location } = inject("realServer");
  if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
  return location.binary;
}

/** Serves fetch handlers of the tests on loopback. */
export async function serve(handler: (request: Request) => Promise<Response>) {
  const server = createServer(async (incoming, outgoing) => {
    const response = await handler(
      new Request(`http://localhost${incoming.url}`, { method: incoming.method ?? "GET" }),
    );
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    outgoing.end(Buffer.from(await response.arrayBuffer()));
  });
  const listening = await listen(server);
  return { ...listening, url: `http://127.0.0.1:${listening.port}` };
}

/** The text of a config.json with the verification of tokens, and what a test needs besides. */
export const configText = ({ client, ...rest }: TokenConfig, more: object = {}) =>
  JSON.stringify({
    client: { ...client, allowed_origins: ["*"] },
    channel: {
      namespaces: [
        { name: "room", presence: true },
        { name: "news", presence: true },
      ],
    },
    ...rest,
    ...more,
  });

/** Starts a server that verifies tokens, with what a test needs besides. */
export const start = (config: TokenConfig, more?: object): Promise<UnchangedCentrifugo> =>
  startCentrifugoUnchanged(binary(), configText(config, more));

interface Outcome {
  readonly event: "connected" | "disconnected" | "error";
  readonly code?: number;
  readonly data?: unknown;
}

/** The clients of a test, which end with it. */
export const open: Centrifuge[] = [];
afterEach(() => {
  for (const centrifuge of open.splice(0)) centrifuge.disconnect();
  vi.useRealTimers();
});

export function client(server: UnchangedCentrifugo, token: string): Centrifuge {
  const centrifuge = new Centrifuge(server.webSocketUrl, { token, websocket: WebSocket });
  open.push(centrifuge);
  return centrifuge;
}

/** Connects, and waits for the first outcome. */
export function connect(centrifuge: Centrifuge): Promise<Outcome> {
  return new Promise((resolve) => {
    centrifuge.on("connected", () => resolve({ event: "connected" }));
    centrifuge.on("disconnected", ({ code }) => resolve({ event: "disconnected", code }));
    centrifuge.on("error", ({ error }) => resolve({ event: "error", code: error.code }));
    centrifuge.connect();
  });
}

/** Subscribes with a token, and waits for the first outcome, of the connection or the subscription. */
export function subscribe(centrifuge: Centrifuge, channel: string, token: string): Promise<Outcome> {
  // A client without `getToken` hides the server's code 109.
  const subscription = centrifuge.newSubscription(channel, { token, getToken: async () => token });
  return new Promise((resolve) => {
    subscription.on("subscribed", ({ data }) => resolve({ event: "connected", data }));
    subscription.on("error", ({ error }) => resolve({ event: "error", code: error.code }));
    subscription.on("unsubscribed", ({ code }) => resolve({ event: "disconnected", code }));
    centrifuge.on("disconnected", ({ code }) => resolve({ event: "disconnected", code }));
    subscription.subscribe();
  });
}

/** Makes a token at another time. */
export async function at<T>(secondsFromNow: number, make: () => Promise<T>): Promise<T> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + secondsFromNow * 1_000 });
  try {
    return await make();
  } finally {
    vi.useRealTimers();
  }
}
