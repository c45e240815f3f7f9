import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { randomCalls } from "../harness/random-calls.ts";
import { sendHttp } from "../harness/raw-http.ts";
import { PairedServers } from "./paired-servers.ts";
import { randomBodies } from "./random-bodies.ts";
import type { ServerKind, ServerUnderTest } from "./servers.ts";
import { embedded, real, whyNotReal } from "./servers.ts";

// MODEL_SEED repeats a run, MODEL_RUNS is the number of sequences. Time-dependent behaviour is left out.
const seed = Number(process.env.MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const numRuns = Number(process.env.MODEL_RUNS ?? 100);
const timeoutMs = 10_000 + numRuns * 500;
const obstacle = whyNotReal("config.json");
const skipped = obstacle && ` (skipped: ${obstacle})`;

describe("random calls", () => {
  test(
    "two embedded servers give equal results over either transport",
    () => compareCalls(embedded, embedded),
    timeoutMs,
  );

  test.skipIf(obstacle !== "")(
    `the embedded server and a real one give equal results over either transport${skipped}`,
    () => compareCalls(embedded, real ?? embedded),
    timeoutMs,
  );
});

describe("random bodies", () => {
  test.skipIf(obstacle !== "")(
    `the embedded server and a real one give equal replies over HTTP${skipped}`,
    () => compareBodies(embedded, real ?? embedded),
    timeoutMs,
  );
});

async function compareCalls(first: ServerKind, second: ServerKind): Promise<void> {
  await using one = await first.start();
  await using other = await second.start();
  await using servers = new PairedServers(one, other);
  await repeat(randomCalls, (calls, run) => servers.compare(calls, run));
}

async function compareBodies(first: ServerKind, second: ServerKind): Promise<void> {
  await using one = await first.start();
  await using other = await second.start();
  await repeat(randomBodies, async (bodies, run) => {
    for (const { path, body } of bodies) {
      const sent = { path, body: body.replaceAll("{run}", run) };
      const replies = await Promise.all([post(one, sent), post(other, sent)]);
      expect(replies[1], `${path} ${body}`).toEqual(replies[0]);
    }
  });
}

/** Tries random sequences, each under its own name. */
async function repeat<T>(
  sequences: fc.Arbitrary<T[]>,
  compare: (sequence: T[], run: string) => Promise<void>,
): Promise<void> {
  console.log(`MODEL_SEED=${seed} MODEL_RUNS=${numRuns}`);
  let calls = 0;
  const property = fc.asyncProperty(sequences, async (sequence) => {
    calls += sequence.length;
    await compare(sequence, randomUUID().slice(0, 13));
  });
  await fc.assert(property, { seed, numRuns });
  console.log(`${calls} calls had equal outcomes`);
}

async function post({ httpUrl, apiKey }: ServerUnderTest, { path, body }: { path: string; body: string }) {
  const headers = { "X-API-Key": apiKey };
  const reply = await sendHttp(httpUrl, { method: "POST", path, headers, body });
  return {
    status: reply.status,
    contentType: reply.contentType,
    body: reply.body
      .replace(/"epoch":"[a-zA-Z]{8}"/g, '"epoch":"…"')
      .replace(/"time":\d{13}/g, '"time":…')
      .replace(/"nodes":\[.*?\}\}.*?\}\]/g, '"nodes":[…]'),
  };
}
