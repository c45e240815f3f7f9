import type { TestServer, TestServerOptions } from "tscent/testing";
import type { Environment, Harm } from "../environment.ts";
import { TcpFront } from "../fronts/tcp-front.ts";
import type { EmbeddedServer } from "../servers/embedded.ts";
import { startEmbedded } from "../servers/embedded.ts";
import type { Scenario } from "./scenario.ts";

/** Scenarios without other programs: the embedded server, and this project's own front. */
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
  // Calls in progress are executed after their connection has ended, and perhaps after the client has sent them again.
  server.fail("publish", { delayMs: 10 }, { times: "always" });
  return { everyMs: 1_000, action: () => server.restart({ downMs: 100 }) };
}

function gracefully(server: TestServer): Harm {
  return { everyMs: 1_000, action: () => server.restart({ downMs: 50, graceful: true }) };
}

/** Two servers, of which one always runs. They share no state, and finish the calls that they accepted. */
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

/** A front that ends idle connections like a reloaded nginx, and every fifth time also those with calls. */
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
