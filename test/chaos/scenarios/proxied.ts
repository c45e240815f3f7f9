import type { Environment } from "../environment.ts";
import type { Front, FrontPorts, StartFront } from "../fronts/front.ts";
import { startHaproxy } from "../fronts/haproxy.ts";
import { startNginx } from "../fronts/nginx.ts";
import { CentrifugoNode, centrifugoBinary } from "../servers/centrifugo.ts";
import { startEmbedded } from "../servers/embedded.ts";
import { freePort } from "../servers/ports.ts";
import { startRedis } from "../servers/redis.ts";
import type { Scenario } from "./scenario.ts";

const fronts = [
  ["nginx", startNginx],
  ["haproxy", startHaproxy],
] as const;

/** Scenarios with other programs: real proxies before the embedded server, and before real nodes with Redis. */
export const proxiedScenarios: readonly Scenario[] = [
  ...fronts.flatMap(([name, start]): Scenario[] => [
    { name, needs: [name], start: () => beforeEmbedded(start) },
    { name: `${name}-reload`, needs: [name], start: () => beforeEmbedded(start, ({ reload }) => reload()) },
  ]),
  ...fronts.map(
    ([name, start]): Scenario => ({
      name: `nodes-${name}`,
      needs: [name, "redis-server", "centrifugo"],
      start: () => beforeNodes(start),
    }),
  ),
];

async function beforeEmbedded(start: StartFront, harm?: (front: Front) => void): Promise<Environment> {
  await using started = new AsyncDisposableStack();
  const server = started.use(await startEmbedded());
  const ports = await freePorts();
  const front = started.use(await start(ports, [server.ports]));
  const ending = started.move();
  return {
    urls: urlsAt(ports),
    directUrls: [server.urls.http],
    harm: harm === undefined ? undefined : { everyMs: 2_000, action: () => harm(front) },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

/** Two nodes that share their histories. SIGTERM restarts them in turn. */
async function beforeNodes(start: StartFront): Promise<Environment> {
  await using started = new AsyncDisposableStack();
  const redisPort = await freePort();
  started.use(await startRedis(redisPort));
  const binary = centrifugoBinary() ?? "centrifugo";
  const nodes = [
    started.use(await CentrifugoNode.start(binary, redisPort)),
    started.use(await CentrifugoNode.start(binary, redisPort)),
  ];
  const ports = await freePorts();
  const servers = nodes.map(({ httpPort, grpcPort }) => ({ http: httpPort, grpc: grpcPort }));
  started.use(await start(ports, servers));
  let next = 0;
  const ending = started.move();
  return {
    urls: urlsAt(ports),
    directUrls: [`http://127.0.0.1:${nodes[0]?.httpPort}/api`],
    harm: { everyMs: 1_000, action: async () => nodes[next++ % nodes.length]?.restart() },
    [Symbol.asyncDispose]: () => ending.disposeAsync(),
  };
}

async function freePorts(): Promise<FrontPorts> {
  return { http: await freePort(), grpc: await freePort() };
}

const urlsAt = ({ http, grpc }: FrontPorts) => ({
  http: `http://127.0.0.1:${http}/api`,
  grpc: `http://127.0.0.1:${grpc}`,
});
