import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create, type Message } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import type { RPCRequest } from "#api";
import { InfoResponseSchema, RPCResponseSchema } from "#api";
import { CentNetworkError, CentRequestError, CentTimeoutError } from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { until, unusedPort } from "../harness/listening-server.ts";
import { ofBytes, ofSockets } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });

describe.each(protocols)("%s: close()", (protocol) => {
  test("close() waits for the calls in flight, then ends the connections", async () => {
    const answers: (() => void)[] = [];
    await using server = await startScripted(
      protocol,
      () => new Promise((resolve) => answers.push(() => resolve(info))),
    );
    const client = clientOf(protocol, server);
    const calls = [client.info(), client.info()];
    await until(() => answers.length === 2, "the calls arrive");
    const done: string[] = [];
    const closed = client.close().then(() => done.push("closed"));
    for (const call of calls) call.then(() => done.push("answered"));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(done).toEqual([]);
    expect(server.sockets.size).toBeGreaterThan(0);
    for (const answer of answers) answer();
    await closed;
    expect(done).toEqual(["answered", "answered", "closed"]);
    await until(() => server.sockets.size === 0, "the server sees its connections closed");
  });

  test("close() ends after calls that fail, too", async () => {
    await using server = await startScripted(protocol, () => new Promise(() => {}));
    const client = clientOf(protocol, server, { timeoutMs: 60 });
    const call = rejection(client.info());
    await client.close();
    expectError(await call, CentTimeoutError, { method: "info" });
    await until(() => server.sockets.size === 0, "the server sees its connections closed");
  });

  test("close() refuses later calls, while it runs and afterwards", async () => {
    await using server = await startScripted(protocol, () => info);
    const client = clientOf(protocol, server);
    await client.info();
    const closed = client.close();
    for (const when of ["while it closes", "when it is closed"]) {
      const error = expectError(
        await rejection(client.publish({ channel: "chat", data: when })),
        CentRequestError,
        { cause: false },
      );
      expect(error.message).toBe("publish: the client is closed");
      await closed;
    }
    expect(server.received).toHaveLength(1);
  });

  test("close() may be called twice, at once and later, and on a client that made no call", async () => {
    await using server = await startScripted(protocol, () => info);
    const client = clientOf(protocol, server);
    await client.info();
    await Promise.all([client.close(), client.close()]);
    await client.close();
    await client[Symbol.asyncDispose]();
    await clientOf(protocol, server).close();
    await until(() => server.sockets.size === 0, "the server sees its connections closed");
  });

  test("close() ends connections that are still being made", async () => {
    await using server = await ofSockets((socket) => socket.resume())();
    const client = clientOf(protocol, server, { url: `https://localhost:${server.port}/`, timeoutMs: 60 });
    expectError(await rejection(client.info()), CentTimeoutError, { method: "info" });
    await client.close();
    await until(() => server.sockets.size === 0, "the server sees its connections closed");
  });

  test("close() may follow at once on the loss of the connection", async () => {
    for (let round = 0; round < 10; round++) {
      await using server = await ofBytes(Buffer.alloc(64, 0xe7))();
      const client = clientOf(protocol, server);
      const call = rejection(client.info());
      await client.close();
      expectError(await call, CentNetworkError, { method: "info" });
    }
  });

  test("`await using` closes the client", async () => {
    await using server = await startScripted(protocol, () => info);
    let kept: ReturnType<typeof clientOf>;
    {
      await using client = clientOf(protocol, server);
      kept = client;
      await client.info();
      expect(server.sockets.size).toBe(1);
    }
    expectError(await rejection(kept.info()), CentRequestError, { method: "info", cause: false });
    await until(() => server.sockets.size === 0, "the server sees its connections closed");
  });
});

describe.each(protocols)("%s: a process that does not close its client", (protocol) => {
  const script = fileURLToPath(new URL("../harness/one-call-script.ts", import.meta.url));

  async function run(url: string, timeout = "10000"): Promise<string> {
    const args = ["--conditions=tscent-source", script];
    const env = { CENT_TRANSPORT: protocol, CENT_URL: url, CENT_TIMEOUT_MS: timeout };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env, timeout: 8_000 });
    return stdout.trim();
  }

  test("a process with an open client ends after a call that succeeds", async () => {
    await using server = await startScripted(protocol, () => info);
    expect(await run(server.url)).toBe("0 nodes");
  });

  test("a process with an open client ends after a call that fails", async () => {
    const path = protocol === "http" ? "/api" : "";
    expect(await run(`http://127.0.0.1:${await unusedPort()}${path}`)).toBe("CentNetworkError");
  });

  test("a process with an open client ends after a call that gets no reply", async () => {
    await using server = await startScripted(protocol, () => new Promise(() => {}));
    expect(await run(server.url, "100")).toBe("CentTimeoutError");
  });
});

describe.each(protocols)("%s: calls at once", (protocol) => {
  const echo = (message: Message) =>
    create(RPCResponseSchema, { result: { data: (message as RPCRequest).params } });

  test("500 calls at once each get their own result", async () => {
    await using server = await startScripted(protocol, async ({ message }) => {
      // Replies come in another order than the calls.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
      return echo(message);
    });
    await using client = clientOf(protocol, server);
    const numbers = Array.from({ length: 500 }, (_, number) => number);
    const results = await Promise.all(
      numbers.map((number) => client.rpc<number>({ method: "echo", params: number })),
    );
    expect(results.map(({ data }) => data)).toEqual(numbers);
    // gRPC makes one connection, and HTTP/1.1 all 64 of its pool.
    expect(server.accepted()).toBe(protocol === "http" ? 64 : 1);
  });

  test("calls one after the other share a connection", async () => {
    await using server = await startScripted(protocol, ({ message }) => echo(message));
    await using client = clientOf(protocol, server);
    for (let number = 0; number < 20; number++) {
      expect(await client.rpc({ method: "echo", params: number })).toEqual(resultOf("rpc", { data: number }));
    }
    expect(server.accepted()).toBeLessThan(4);
  });
});
