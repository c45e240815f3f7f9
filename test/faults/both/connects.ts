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

/** A port without a listener. */
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
  { title: "a port without a listener", start: nobody, ...unprocessed },
  {
    title: "a port without a listener, with 50 calls",
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
    title: "a Unix socket below a file",
    start: nobody,
    ...unprocessed,
    options: { socketPath: join(file, "a.sock") },
  },
  {
    title: "a host name that does not exist",
    start: nobody,
    ...unprocessed,
    options: { url: "http://does-not-exist.invalid/api" },
    isSlow: true,
  },
  {
    title: "a host name that is too long for DNS",
    start: nobody,
    ...unprocessed,
    options: { url: `http://${"a".repeat(64)}.invalid/api` },
    isSlow: true,
  },
  {
    title: "localhost, with a listener on 127.0.0.1 only",
    start: goodServers,
    ...succeeds,
    options: (port) => ({ url: `http://localhost:${port}/` }),
  },
  {
    title: "IPv6, with a listener on 127.0.0.1 only",
    start: goodServers,
    ...unprocessed,
    options: (port) => ({ url: `http://[::1]:${port}/` }),
  },
  { title: "port 0", start: nobody, ...unprocessed, options: { url: "http://127.0.0.1:0/" } },
  {
    title: "a key that never comes",
    start: goodServers,
    publish: unsentKey,
    info: unsentKey,
    options: { apiKey: never, timeoutMs: 120 },
  },
  {
    title: "a key that never comes for the second attempt",
    start: nobody,
    ...lateUnsent,
    options: () => {
      let asked = 0;
      return { apiKey: () => (asked++ === 0 ? Promise.resolve("key") : never()), timeoutMs: 150 };
    },
  },
  {
    title: "a key that never comes, with the client closed",
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
    title: "a TLS handshake that never ends, with connectTimeoutMs",
    start: ofSockets((socket) => socket.resume()),
    ...unprocessed,
    options: (port) => ({ url: `https://localhost:${port}/`, connectTimeoutMs: 100, timeoutMs: 8_000 }),
    // undici counts connect time-outs in seconds.
    isSlow: true,
  },
];

/** A client whose connections go through a proxy. */
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
