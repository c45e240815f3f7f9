import type { TestServer, TestServerOptions } from "tscent/testing";
import type { Environment, Harm } from "../environment.ts";
import { TcpFront } from "../fronts/tcp-front.ts";
import type { EmbeddedServer } from "../servers/embedded.ts";
import { startEmbedded } from "../servers/embedded.ts";
import type { Scenario } from "./scenario.ts";

/** What needs nothing but this project: the embedded server, and a front of our own. */
export const embeddedScenarios: readonly Scenario[] = [
  { name: "restarts", needs: [], start: () => alone({}, abruptly) },
  { name: "graceful", needs: [], start: () => alone({}, gracefully) },
  { name: "rolling", needs: [], start: rolling },
  { name: "requests-100", needs: [], start: () => alone({ requestsPerConnection: 100 }) },
  { name: "front", needs: [], start: front },
];

async function alone(options: TestServerOptions, harm?: (server: TestServer) => Harm): Promise<Environment> {
  const embedded = await startEmbedded(options);
  const { server, urls } = embedded;
  return { ...embedded, directUrls: [urls.http], harm: harm?.(server) };
}

function abruptly(server: TestServer): Harm {
  // A call is executed though its connection has ended by then, and perhaps after the client has sent it again.
  server.fail("publish", { delayMs: 10 }, { times: "always" });
  return { everyMs: 1_000, action: () => server.restart({ downMs: 100 }) };
}

function gracefully(server: TestServer): Harm {
  return { everyMs: 1_000, action: () => server.restart({ downMs: 50, graceful: true }) };
}

/** Two servers, of which one is always there. They share no state; a call that was taken is finished. */
async function rolling(): Promise<Environment> {
  await using started = new AsyncDisposableStack();
  const servers = [started.use(await startEmbedded()), started.use(await startEmbedded())];
  const fronts = started.use(await frontsOf(servers));
  let next = 0;
  const restartNext = () => servers[next++ % servers.length]?.server.restart({ downMs: 200, graceful: true });
  const ending = started.move();
  return {
    urls: fronts.urls,
    directUrls: servers.map(({ urls }) => urls.http),
    harm: { everyMs: 500, action: async () => restartNext() },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

/** A front that ends idle connections as nginx does when it is reloaded, and now and then those with calls, too. */
async function front(): Promise<Environment> {
  await using started = new AsyncDisposableStack();
  const server = started.use(await startEmbedded());
  const fronts = started.use(await frontsOf([server]));
  let times = 0;
  const endConnections = () => {
    const isLong = ++times % 5 === 0;
    for (const each of fronts.all) isLong ? each.cut() : each.endIdle();
  };
  const ending = started.move();
  return {
    urls: fronts.urls,
    directUrls: [server.urls.http],
    harm: { everyMs: 200, action: endConnections },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

async function frontsOf(servers: readonly EmbeddedServer[]) {
  const http = await TcpFront.start(servers.map(({ ports }) => ports.http));
  const grpc = await TcpFront.start(servers.map(({ ports }) => ports.grpc));
  return {
    all: [http, grpc],
    urls: { http: `http://127.0.0.1:${http.port}/api`, grpc: `http://127.0.0.1:${grpc.port}` },
    async [Symbol.asyncDispose]() {
      await Promise.all([http[Symbol.asyncDispose](), grpc[Symbol.asyncDispose]()]);
    },
  };
}
