import { expect, test } from "vitest";
import { clientOf, rejection } from "../../harness/expected-error.ts";
import { until } from "../../harness/listening-server.ts";
import { ofSockets } from "../../harness/misbehaving-server.ts";
import { protocols, startScripted } from "../../harness/scripted-server.ts";

const never = <T>() => new Promise<T>(() => {});

test.each(protocols)("%s: close() rejects calls that wait for a place as not executed", async (protocol) => {
  await using server = await startScripted(protocol, never);
  const client = clientOf(protocol, server, { timeoutMs: 0, maxInFlight: 1 });
  const sent = rejection(client.info());
  await until(() => server.received.length === 1, "the first call arrives");
  const waiting = [1, 2].map(() => rejection(client.info()));
  await client.close({ timeoutMs: 10 });
  const closed = { name: "CentNetworkError", message: "info: the client was closed" };
  expect(await sent).toMatchObject({ ...closed, maybeExecuted: true });
  expect(await Promise.all(waiting)).toMatchObject(Array(2).fill({ ...closed, maybeExecuted: false }));
  await until(() => server.sockets.size === 0, "the connections are closed");
  expect(server.received).toHaveLength(1);
});

test.each(protocols)(
  "%s: close() rejects calls that wait for a connection as not executed",
  async (protocol) => {
    await using server = await ofSockets((socket) => socket.resume())();
    const client = clientOf(protocol, server, { url: `https://localhost:${server.port}/`, timeoutMs: 0 });
    const calls = [1, 2].map(() => rejection(client.info()));
    await until(() => server.accepted() > 0, "the connection is begun");
    await client.close({ timeoutMs: 10 });
    const closed = { name: "CentNetworkError", message: "info: the client was closed", maybeExecuted: false };
    expect(await Promise.all(calls)).toMatchObject([closed, closed]);
    await until(() => server.sockets.size === 0, "the attempt ends");
  },
);
