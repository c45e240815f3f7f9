// Splits the time of one publish in a `batch` over HTTP into its parts. The parts explain the goals for batches.
import { CentrifugoApi } from "#api";
import { createWalker } from "../src/call/walker.ts";
import { encodeRequest } from "../src/codec/encode-request.ts";
import { readMessage } from "../src/codec/json/read-message.ts";
import { writeMessage } from "../src/codec/json/write-message.ts";
import { createPayload } from "../src/codec/payload.ts";
import { SentSecrets } from "../src/errors/hide-secret.ts";
import { methodTable } from "../src/schema/method-table.ts";
import { replyOf } from "./codec-cases.ts";
import { spread } from "./report/spread.ts";
import { publishes } from "./workloads.ts";

const count = 10_000;
const rounds = 60;
const warmUp = 30;

/** The lines of a table: microseconds for one publish, by hand and in each part of tscent. */
export function batchProfile(): string[] {
  const table = methodTable(CentrifugoApi);
  const { batch } = table;
  const payload = createPayload(undefined);
  const walker = createWalker(table, { payload, int64: "number", secrets: new SentSecrets() });
  const commands = publishes(count).map((publish) => ({ publish }));
  const reply = JSON.stringify({ replies: commands.map(() => ({ publish: {} })) });
  const bytes = new TextEncoder().encode(reply);
  const taken = new Map<string, number[]>();
  const timed = <T>(part: string, run: () => T): T => {
    const started = performance.now();
    const value = run();
    const micros = ((performance.now() - started) * 1000) / count;
    taken.set(part, [...(taken.get(part) ?? []), micros]);
    return value;
  };
  for (let round = -warmUp; round < rounds; round++) {
    if (round === 0) taken.clear();
    const request = { commands: [...commands] };
    timed("by hand: JSON.stringify, JSON.parse, a look for errors", () => {
      JSON.stringify(request);
      return (JSON.parse(reply) as { replies: { error?: unknown }[] }).replies.some(({ error }) => error);
    });
    const message = timed("check the request, and make its messages", () =>
      encodeRequest(table, batch, request, payload),
    );
    timed("of which JSON.stringify of the data", () =>
      commands.map(({ publish }) => JSON.stringify(publish.data)),
    );
    timed("write the JSON", () => writeMessage(batch.rpc.input, message));
    const response = timed("read the reply", () => readMessage(batch.rpc.output, reply, bytes));
    timed("make the results", () => walker.result(batch, message, replyOf(response)));
  }
  return [
    `A publish of ${count} in one batch, without the network and the server, in µs:`,
    "",
    "| part | median | least |",
    "| --- | --- | --- |",
    ...[...taken].map(([part, micros]) => {
      const { median, min } = spread(micros);
      return `| ${part} | ${median.toFixed(2)} | ${min.toFixed(2)} |`;
    }),
  ];
}
