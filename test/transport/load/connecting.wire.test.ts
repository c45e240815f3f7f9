import { createSecureServer } from "node:http2";
import { createServer as createHttpsServer } from "node:https";
import type { Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { ClientOptions } from "../../../src/index.ts";
import { CentNetworkError, CentTimeoutError } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import type { ListeningServer } from "../../harness/listening-server.ts";
import { listen, until } from "../../harness/listening-server.ts";
import { ofSockets } from "../../harness/misbehaving-server.ts";
import { holdConnections, succeed } from "../../harness/observed-grpc.ts";
import { protocols } from "../../harness/scripted-server.ts";
import { ca, serverCertificate } from "../../harness/test-certificates.ts";

/** A server that begins its TLS handshakes only after `hold`, and counts its requests. */
async function accepting(
  protocol: (typeof protocols)[number],
  hold: Promise<void>,
): Promise<ListeningServer & { readonly requests: () => number }> {
  let requests = 0;
  const secure =
    protocol === "http"
      ? createHttpsServer(serverCertificate, (request, response) => {
          requests++;
          request.resume();
          response.end('{"result":{}}');
        })
      : createSecureServer(serverCertificate).on("stream", (stream) => {
          requests++;
          stream.resume();
          succeed(stream);
        });
  holdConnections(secure, hold);
  return { ...(await listen(secure)), requests: () => requests };
}

/** A client that speaks TLS to a server, and trusts it. */
function secureClient(
  protocol: (typeof protocols)[number],
  server: ListeningServer,
  options: Partial<Omit<ClientOptions, "int64" | "service">> = {},
) {
  const url = `https://localhost:${server.port}/${protocol === "http" ? "api" : ""}`;
  return clientOf(protocol, server, { url, tls: { ca }, ...options });
}

describe.each(protocols)("%s: while a connection is made", (protocol) => {
  test("a call that times out while it connects gives its place to the next one", async () => {
    await using server = await accepting(protocol, new Promise(() => {}));
    await using client = secureClient(protocol, server, { maxInFlight: 1, maxQueued: 0 });
    for (let call = 0; call < 2; call++)
      expectError(await rejection(client.info({}, { timeoutMs: 30 })), CentTimeoutError, { method: "info" });
  });

  test("calls that time out while they connect are never sent", async () => {
    const accepts = Promise.withResolvers<void>();
    await using server = await accepting(protocol, accepts.promise);
    await using client = secureClient(protocol, server, { maxInFlight: 1 });
    const late = Array.from({ length: 5 }, () => rejection(client.info({}, { timeoutMs: 30 })));
    const errors = await Promise.all(late);
    for (const error of errors)
      expect(expectError(error, CentTimeoutError, { method: "info" }).maybeExecuted).toBe(false);
    const call = client.info();
    accepts.resolve();
    await call;
    expect(server.requests()).toBe(1);
  });

  test("calls that are aborted while they connect are never sent", async () => {
    const accepts = Promise.withResolvers<void>();
    await using server = await accepting(protocol, accepts.promise);
    await using client = secureClient(protocol, server);
    const controller = new AbortController();
    const calls = [1, 2, 3].map(() => rejection(client.info({}, { signal: controller.signal })));
    await until(() => server.accepted() > 0, "the connection is begun");
    controller.abort("enough");
    expect(await Promise.all(calls)).toEqual(["enough", "enough", "enough"]);
    const call = client.info();
    accepts.resolve();
    await call;
    expect(server.requests()).toBe(1);
  });

  test("a connection that breaks in its handshake leaves the call unexecuted", async () => {
    await using server = await ofSockets((socket) => socket.once("data", () => socket.destroy()))();
    await using client = secureClient(protocol, server);
    const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    expect(error).toMatchObject({ attempts: 1, maybeExecuted: false });
  });

  test("connectTimeoutMs ends the attempt, however much time its call has left", async () => {
    const sockets: Socket[] = [];
    await using server = await ofSockets((socket) => sockets.push(socket.resume()))();
    await using client = secureClient(protocol, server, { connectTimeoutMs: 60, timeoutMs: 9_000 });
    const started = performance.now();
    const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    expect(error.maybeExecuted).toBe(false);
    expect(performance.now() - started).toBeLessThan(4_000);
    await until(() => server.sockets.size === 0, "the attempt ends");
  });
});
