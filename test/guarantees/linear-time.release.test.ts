import type { Message } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { createWalker } from "../../src/call/walker.ts";
import { encodeRequest } from "../../src/codec/encode-request.ts";
import { readMessage } from "../../src/codec/json/read-message.ts";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { SentSecrets } from "../../src/errors/hide-secret.ts";
import { ChannelQueues } from "../../src/many-calls/queue/channel-queues.ts";
import type { Method } from "../../src/schema/method-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { TestCall } from "../harness/test-call.ts";

// Linear code takes 4 times as long for 4 times the input, and quadratic code 16 times. Other work on the machine slows
// a run down, so the fastest of several runs counts. A ratio that is too large is measured again.
const most = 9;
const tries = 20;

function fastest(run: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
  return Math.min(...times);
}

function growth(prepare: (size: number) => () => unknown, size: number): number {
  const [small, large] = [prepare(size), prepare(4 * size)];
  small();
  large();
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < tries && least > most; attempt++) {
    // A time below 0.1 ms measures the clock more than the code.
    least = Math.min(least, fastest(large) / Math.max(fastest(small), 0.1));
  }
  return least;
}

const table = methodTable(CentrifugoApi);
const payload = createPayload(undefined);
const walker = createWalker(table, { payload, int64: "number", secrets: new SentSecrets() });

function methodNamed(name: string): Method {
  const method = table.byName(name);
  if (method === undefined) throw new Error(`no method ${name}`);
  return method;
}

const repeat = (size: number, make: (index: number) => string) =>
  Array.from({ length: size }, (_, i) => make(i)).join();
const encode = (name: string, request: unknown): Message =>
  encodeRequest(table, methodNamed(name), request, payload);
const commands = (size: number) =>
  Array.from({ length: size }, (_, index) => ({ publish: { channel: `c${index}`, data: { index } } }));

/** Reads a reply and walks it. */
function reply(name: string, text: string, request: unknown): () => unknown {
  const method = methodNamed(name);
  const sent = encode(name, request);
  return () => {
    const message = readMessage(method.rpc.output, text);
    return walker.result(method, sent, { message, headers: undefined, attempts: 1, maybeExecuted: false });
  };
}

/** A run that must end with an error of this text. */
function refused(text: string, run: () => unknown): () => unknown {
  return () => {
    try {
      run();
    } catch (error) {
      if (`${error}`.includes(text)) return;
      throw error;
    }
    throw new Error(`no error "${text}"`);
  };
}

const history = (publications: string) =>
  reply("history", `{"result":{"publications":[${publications}]}}`, { channel: "a" });
const rpc = (data: string) => reply("rpc", `{"result":{"data":${data}}}`, { method: "a" });
const unknown = (member: string) => reply("rpc", `{"result":{${member}}}`, { method: "a" });

const cases: [string, number, (size: number) => () => unknown][] = [
  ["publications", 3_000, (size) => history(repeat(size, (i) => `{"data":{"i":${i}},"offset":${i + 1}}`))],
  [
    "publications, the last of them wrong",
    3_000,
    (size) =>
      refused(
        `publications[${size}].offset: expected`,
        history(`${repeat(size, () => '{"offset":1}')},{"offset":"x"}`),
      ),
  ],
  [
    "publications, cut short",
    3_000,
    (size) => refused('expected ":"', history(`${repeat(size, () => '{"offset":1}')},{"offset"`)),
  ],
  [
    "publications with members in changing order",
    3_000,
    (size) =>
      history(repeat(size, (i) => (i % 2 ? '{"data":1,"offset":1}' : '{"tags":{},"offset":1,"data":2}'))),
  ],
  [
    "publications with a member less than the first",
    3_000,
    (size) => history(`{"data":{},"offset":1},${repeat(size, () => '{"data":{}}')}`),
  ],
  [
    "publications whose data has the member that follows it",
    3_000,
    (size) => history(repeat(size, () => '{"data":{"a":{},"offset":1},"offset":1}')),
  ],
  ["a string of escaped quotes", 200_000, (size) => rpc(`"${'\\"'.repeat(size)}"`)],
  ["a string of backslashes", 200_000, (size) => rpc(`"${"\\\\".repeat(size)}"`)],
  [
    "a string that is not closed",
    200_000,
    (size) => refused("a string is not closed", rpc(`"${'\\"'.repeat(size)}`)),
  ],
  [
    "an epoch of escapes",
    200_000,
    (size) => reply("publish", `{"result":{"epoch":"${"\\u00e9".repeat(size)}"}}`, { channel: "a", data: 1 }),
  ],
  ["strings in data", 20_000, (size) => rpc(`[${repeat(size, (i) => `"\\\\${i}"`)}]`)],
  ["members with unknown names", 5_000, (size) => unknown(repeat(size, (i) => `"unknown${i}":[${i}]`))],
  ["members with one unknown name", 5_000, (size) => unknown(repeat(size, (i) => `"unknown":{"a":${i}}`))],
  ["members with names in capitals", 5_000, (size) => unknown(repeat(size, () => '"DATA":1'))],
  ["deep data", 20_000, (size) => rpc("[".repeat(size) + "]".repeat(size))],
  [
    "deep data that is not closed",
    100_000,
    (size) => refused("the JSON ends early", rpc('{"a":['.repeat(size))),
  ],
  ["a deep unknown member", 20_000, (size) => unknown(`"x":${'{"a":'.repeat(size)}1${"}".repeat(size)}`)],
  ["white space", 500_000, (size) => rpc(`${" ".repeat(size)}1`)],
  [
    "digits",
    500_000,
    (size) =>
      refused(
        "result.offset: expected an unsigned 64-bit integer",
        reply("publish", `{"result":{"offset":${"9".repeat(size)}}}`, { channel: "a", data: 1 }),
      ),
  ],
  ["digits in data", 20_000, (size) => rpc("9".repeat(size))],
  [
    "a map",
    3_000,
    (size) =>
      reply("channels", `{"result":{"channels":{${repeat(size, (i) => `"c${i}":{"num_clients":1}`)}}}}`, {}),
  ],
  [
    "responses",
    3_000,
    (size) =>
      reply("broadcast", `{"result":{"responses":[${repeat(size, () => '{"result":{"offset":1}}')}]}}`, {
        channels: Array.from({ length: size }, (_, i) => `c${i}`),
        data: 1,
      }),
  ],
  [
    "replies",
    3_000,
    (size) =>
      reply("batch", `{"replies":[${repeat(size, () => '{"publish":{"offset":1}}')}]}`, {
        commands: commands(size),
      }),
  ],
  [
    "replies that are errors",
    2_000,
    (size) =>
      reply("batch", `{"replies":[${repeat(size, () => '{"error":{"code":100}}')}]}`, {
        commands: commands(size),
      }),
  ],
  [
    "commands",
    2_000,
    (size) => {
      const request = { commands: commands(size) };
      return () => writeMessage(methodNamed("batch").rpc.input, encode("batch", request));
    },
  ],
  [
    "commands, the last of them wrong",
    2_000,
    (size) => {
      const request = { commands: [...commands(size), { publish: { channel: "a", data: 1, nope: 1 } }] };
      return refused(`commands[${size}].publish.nope`, () => encode("batch", request));
    },
  ],
  [
    "channels",
    10_000,
    (size) => {
      const request = { channels: Array.from({ length: size }, (_, i) => `c${i}`), data: 1 };
      return () => writeMessage(methodNamed("broadcast").rpc.input, encode("broadcast", request));
    },
  ],
  [
    "tags",
    2_000,
    (size) => {
      const tags = Object.fromEntries(Array.from({ length: size }, (_, i) => [`tag${i}`, "x"]));
      return () =>
        writeMessage(methodNamed("publish").rpc.input, encode("publish", { channel: "a", data: 1, tags }));
    },
  ],
];

/** Fills a queue, passes it to `use`, and sends the calls that are left. */
const queued =
  (
    channelsOf: (index: number, size: number) => string[],
    use: (calls: TestCall[], queues: ChannelQueues<TestCall>) => void,
  ) =>
  (size: number) =>
  () => {
    const queues = new ChannelQueues<TestCall>();
    const calls = Array.from({ length: size }, (_, index) => new TestCall(index, channelsOf(index, size)));
    for (const call of calls) queues.add(call);
    use(calls, queues);
    const limits = { maxCommands: 100, maxBytes: 1e9 };
    for (let batch = queues.takeShared(limits); batch !== undefined; batch = queues.takeShared(limits))
      queues.end(batch);
    return queues.waiting;
  };
const nothing = () => {};

cases.push(
  ["queued calls about one channel", 10_000, queued(() => ["a"], nothing)],
  ["queued calls about a channel each", 10_000, queued((index) => [`c${index}`], nothing)],
  [
    "queued calls that leave behind a call under way",
    10_000,
    queued(
      () => ["a"],
      (calls, queues) => {
        const batch = queues.takeShared({ maxCommands: 1, maxBytes: 1e9 });
        for (const call of calls) queues.leave(call);
        if (batch !== undefined) queues.end(batch);
      },
    ),
  ],
  [
    "a call about all channels behind a call about each",
    5_000,
    queued(
      (index, size) =>
        index === size - 1 ? Array.from({ length: size }, (_, channel) => `c${channel}`) : [`c${index}`],
      nothing,
    ),
  ],
);

test.each(cases)(
  "%s: four times the input takes less than nine times as long",
  (_name, size, prepare) => {
    expect(growth(prepare, size)).toBeLessThan(most);
  },
  60_000,
);

test("the measurement detects quadratic code", () => {
  const quadratic = (size: number) => () => {
    let text = "";
    let found = 0;
    for (let at = 0; at < size; at++) {
      text += "x";
      found += text.indexOf("y");
    }
    return found;
  };
  expect(growth(quadratic, 3_000)).toBeGreaterThan(most);
});
