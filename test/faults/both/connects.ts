import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ProxyAgent } from "undici";
import { unusedPort } from "../../harness/listening-server.ts";
import { ofSockets } from "../../harness/misbehaving-server.ts";
import type { FaultyServer, Twin } from "../fault.ts";
import { over, overBoth } from "../fault.ts";
import { lateUnsent, succeeds, unprocessed } from "../rules.ts";
import { goodServers } from "../wire/good-servers.ts";

/** Nobody listens there. */
const nobody = async (): Promise<FaultyServer> => {
  const gone = { accepted: () => 0, sockets: new Set<never>(), [Symbol.asyncDispose]: async () => {} };
  return { ...gone, port: await unusedPort() };
};

const folder = mkdtempSync(join(tmpdir(), "tscent-faults-"));
const file = join(folder, "file");
writeFileSync(file, "");

const never = () => new Promise<string>(() => {});
const unsentKey = { error: "CentTimeoutError", maybeExecuted: false, attempts: 0 };

const connections: readonly Twin[] = [
  { title: "a port that nobody listens on", start: nobody, ...unprocessed },
  {
    title: "a port that nobody listens on, with 50 calls",
    start: nobody,
    publish: Array.from({ length: 50 }, () => ({ ...unprocessed.publish, attempts: 1 })),
    options: { retry: false },
  },
  {
    title: "a Unix socket that does not exist",
    start: nobody,
    ...unprocessed,
    options: { socketPath: join(folder, "none.sock") },
  },
  { title: "a Unix socket that is a file", start: nobody, ...unprocessed, options: { socketPath: file } },
  { title: "a Unix socket that is a folder", start: nobody, ...unprocessed, options: { socketPath: folder } },
  {
    title: "a Unix socket in a file",
    start: nobody,
    ...unprocessed,
    options: { socketPath: join(file, "a.sock") },
  },
  {
    title: "a name that does not exist",
    start: nobody,
    ...unprocessed,
    options: { url: "http://does-not-exist.invalid/api" },
    isSlow: true,
  },
  {
    title: "a name that no DNS may have",
    start: nobody,
    ...unprocessed,
    options: { url: `http://${"a".repeat(64)}.invalid/api` },
    isSlow: true,
  },
  {
    title: "localhost, of which only 127.0.0.1 listens",
    start: goodServers,
    ...succeeds,
    options: (port) => ({ url: `http://localhost:${port}/` }),
  },
  {
    title: "IPv6, where only 127.0.0.1 listens",
    start: goodServers,
    ...unprocessed,
    options: (port) => ({ url: `http://[::1]:${port}/` }),
  },
  { title: "a port that no TCP has", start: nobody, ...unprocessed, options: { url: "http://127.0.0.1:0/" } },
  {
    title: "a key that never comes",
    start: goodServers,
    publish: unsentKey,
    info: unsentKey,
    options: { apiKey: never, timeoutMs: 120 },
  },
  {
    title: "a key that comes no more for the second attempt",
    start: nobody,
    ...lateUnsent,
    options: () => {
      let asked = 0;
      return { apiKey: () => (asked++ === 0 ? Promise.resolve("key") : never()), timeoutMs: 150 };
    },
  },
  {
    title: "a key that never comes, and the client is closed",
    start: goodServers,
    publish: { ...unsentKey, error: "CentNetworkError" },
    info: { ...unsentKey, error: "CentNetworkError" },
    options: { apiKey: never },
    closeAfterMs: 50,
  },
  {
    title: "a TLS handshake that never ends",
    start: ofSockets((socket) => socket.resume()),
    ...lateUnsent,
    options: (port) => ({ url: `https://localhost:${port}/`, timeoutMs: 150 }),
  },
  {
    title: "a TLS handshake that never ends, with a limit for connections",
    start: ofSockets((socket) => socket.resume()),
    ...unprocessed,
    options: (port) => ({ url: `https://localhost:${port}/`, connectTimeoutMs: 100, timeoutMs: 8_000 }),
    // undici counts such limits by the second.
    isSlow: true,
  },
];

/** A client behind a proxy that is to make the connection. */
const proxied = (port: number) => ({
  url: "https://centrifugo.invalid/api",
  http: { dispatcher: new ProxyAgent({ uri: `http://127.0.0.1:${port}`, keepAliveTimeout: 1 }) },
});

const proxies = [400, 403, 407, 429, 502, 503, 504].map((status) => ({
  title: `a proxy that answers CONNECT with ${status}`,
  start: ofSockets((socket) =>
    socket.once("data", () => socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)),
  ),
  ...unprocessed,
  options: proxied,
}));

export const connects = [...overBoth(connections), ...over("http", proxies)];
