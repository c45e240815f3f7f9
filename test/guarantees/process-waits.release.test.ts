import { execFile } from "node:child_process";
import { createServer as createHttp2Server } from "node:http2";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { listen } from "../harness/listening-server.ts";
import { ofHttp } from "../harness/misbehaving-server.ts";
import { observedGrpc, pause, succeed } from "../harness/observed-grpc.ts";

const index = new URL("../../src/index.ts", import.meta.url).href;

/** Runs a program in a process of its own, and gives the words that it wrote. */
async function output(program: string): Promise<string> {
  const source = `import { createClient } from ${JSON.stringify(index)};\n${program}`;
  const args = ["--conditions=tscent-source", "--input-type=module", "--eval", source];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 9_000 });
  return stdout.trim();
}

/** Options of a client without deadlines: a deadline would keep the process alive by itself. */
const options = (transport: string, port: number, grpc?: object) =>
  JSON.stringify({ transport, url: `http://127.0.0.1:${port}/`, timeoutMs: 0, retry: false, grpc });

test("a process waits for a call without a deadline: http", async () => {
  await using server = await ofHttp((_request, response) =>
    setTimeout(() => response.end('{"result":{}}'), 150),
  )();
  expect(
    await output(`
      const cent = createClient(${options("http", server.port)});
      await cent.info();
      console.log("answered");
    `),
  ).toBe("answered");
});

test("a process waits for a call without a deadline: grpc, also while the connection is pinged", async () => {
  await using server = await observedGrpc();
  server.answer = (stream) => setTimeout(succeed, 250, stream);
  expect(
    await output(`
      const cent = createClient(${options("grpc", server.port, { pingIntervalMs: 60 })});
      await cent.info();
      console.log("answered");
    `),
  ).toBe("answered");
  expect(server.pings.length).toBeGreaterThan(0);
});

test("a process waits while an idle gRPC connection is pinged before the next call", async () => {
  await using server = await observedGrpc();
  expect(
    await output(`
      const cent = createClient(${options("grpc", server.port, { pingIntervalMs: 40 })});
      await cent.info();
      await new Promise((resolve) => setTimeout(resolve, 90));
      await cent.info();
      console.log("answered");
    `),
  ).toBe("answered");
  expect(server.pings.length).toBeGreaterThan(0);
});

test("a process waits for a gRPC connection whose first call was aborted while connecting", async () => {
  const http2 = createHttp2Server().on("stream", (stream) => succeed(stream.resume()));
  await using server = await listen(
    createServer(async (socket) => {
      await pause(300);
      http2.emit("connection", socket);
    }),
  );
  expect(
    await output(`
      const cent = createClient(${options("grpc", server.port)});
      const controller = new AbortController();
      const first = cent.info({}, { signal: controller.signal }).catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
      controller.abort();
      await first;
      await cent.info();
      console.log("answered");
    `),
  ).toBe("answered");
});
