import { afterEach, expect, test, vi } from "vitest";
import { CentNetworkError, CentTimeoutError } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { ofSockets } from "../../harness/misbehaving-server.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** Waits for network input and output, while the fake timers stand still. */
async function arrival(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 3_000;
  while (!condition() && performance.now() < deadline) await new Promise(setImmediate);
  expect(condition()).toBe(true);
}

// Over HTTP, undici keeps connectTimeoutMs.
test("grpc: a connection attempt ends after connectTimeoutMs, and the next call makes another", async () => {
  // The TLS handshake never ends, as behind a load balancer that lost it.
  await using server = await ofSockets((socket) => socket.resume())();
  await using client = clientOf("grpc", server, {
    url: `https://localhost:${server.port}/`,
    connectTimeoutMs: 30_000,
  });
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const short = rejection(client.info({}, { timeoutMs: 10_000 }));
  const endless = rejection(client.info({}, { timeoutMs: 0 }));
  await arrival(() => server.accepted() === 1);
  vi.advanceTimersByTime(29_999);
  expectError(await short, CentTimeoutError, { method: "info" });
  vi.advanceTimersByTime(1);
  const error = expectError(await endless, CentNetworkError, { method: "info" });
  expect(error.message).toBe(`info: no connection within 30000 ms (https://localhost:${server.port})`);
  await arrival(() => server.sockets.size === 0);

  const next = rejection(client.info({}, { timeoutMs: 10_000 }));
  await arrival(() => server.accepted() === 2);
  vi.advanceTimersByTime(10_000);
  expectError(await next, CentTimeoutError, { method: "info" });
});
