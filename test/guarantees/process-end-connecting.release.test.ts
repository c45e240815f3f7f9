import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ofSockets } from "../harness/misbehaving-server.ts";
import { hang, observedGrpc } from "../harness/observed-grpc.ts";
import { swallowingProxy } from "../harness/swallowing-proxy.ts";

const index = new URL("../../src/index.ts", import.meta.url).href;

/** Runs a program in a process of its own, and gives the milliseconds from its last output to its end. */
async function lingers(program: string): Promise<{ said: string; ms: number }> {
  const source = `import { createClient } from ${JSON.stringify(index)};
    const say = (text) => console.log(text, Date.now());
    ${program}`;
  const args = ["--conditions=tscent-source", "--input-type=module", "--eval", source];
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 9_000 });
  const [said = "", at = "0"] = stdout.trim().split(" ");
  return { said, ms: Date.now() - Number(at) };
}

// Over HTTP the process ends after connectTimeoutMs: undici holds the socket of the attempt.
test("grpc: a process ends at once after its only call ran out of time while connecting", async () => {
  await using server = await ofSockets((socket) => socket.resume())();
  const options = {
    transport: "grpc",
    url: `https://localhost:${server.port}/`,
    timeoutMs: 100,
    retry: false,
    connectTimeoutMs: 20_000,
  };
  const { said, ms } = await lingers(`
    const cent = createClient(${JSON.stringify(options)});
    cent.info().catch((error) => say(error.name));
  `);
  expect(said).toBe("CentTimeoutError");
  expect(ms).toBeLessThan(4_000);
});

test("grpc: a process ends at once after a call whose connection answers the PING that follows it", async () => {
  await using server = await observedGrpc();
  server.answer = hang;
  const options = { transport: "grpc", url: `http://127.0.0.1:${server.port}`, timeoutMs: 500, retry: false };
  const { said, ms } = await lingers(`
    const cent = createClient(${JSON.stringify({ ...options, grpc: { pingTimeoutMs: 20_000 } })});
    cent.info().catch((error) => say(error.name));
  `);
  expect(said).toBe("CentTimeoutError");
  expect(ms).toBeLessThan(4_000);
  expect(server.pings).toEqual([0]);
});

test("grpc: a process ends though its idle connection was pinged", async () => {
  await using server = await observedGrpc();
  const options = { transport: "grpc", url: `http://127.0.0.1:${server.port}`, retry: false };
  const grpc = { pingIdleConnection: true, pingIntervalMs: 30 };
  const { said, ms } = await lingers(`
    const cent = createClient(${JSON.stringify({ ...options, grpc })});
    await cent.info();
    await new Promise((resolve) => setTimeout(resolve, 120));
    say("idle");
  `);
  expect(said).toBe("idle");
  expect(ms).toBeLessThan(4_000);
  expect(server.pings.length).toBeGreaterThan(0);
});

test("grpc: a process ends after a call whose connection never answers the PING that follows it", async () => {
  await using server = await observedGrpc();
  await using proxy = await swallowingProxy(server.port);
  server.answer = () => proxy.swallow();
  const options = { transport: "grpc", url: `http://127.0.0.1:${proxy.port}`, timeoutMs: 100, retry: false };
  const { said, ms } = await lingers(`
    const cent = createClient(${JSON.stringify({ ...options, grpc: { pingTimeoutMs: 100 } })});
    cent.info().catch((error) => say(error.name));
  `);
  expect(said).toBe("CentTimeoutError");
  expect(ms).toBeLessThan(4_000);
});
