import { describe, expect, test } from "vitest";
import type { ConsumerCommand } from "../../src/index.ts";
import { CentRequestError, createCommand } from "../../src/index.ts";
import type { BrokerMethod } from "../../src/outbox/index.ts";
import {
  awsSqsMessage,
  azureServiceBusMessage,
  brokerQueries,
  brokerQuery,
  googlePubSubMessage,
  kafkaMessage,
  natsJetStreamMessage,
  outboxConfig,
  outboxInsert,
  outboxTable,
  redisStreamMessage,
} from "../../src/outbox/index.ts";

const outbox = { table: "outbox", partitions: 4 };
const publication = { mode: "publication" } as const;
/** Each function that takes a command. */
const makers: Readonly<Record<string, (command: ConsumerCommand) => unknown>> = {
  outboxInsert: (command) => outboxInsert(command, { ...outbox, partition: 0 }),
  kafkaMessage: (command) => kafkaMessage(command, publication),
  natsJetStreamMessage: (command) => natsJetStreamMessage(command, publication),
  redisStreamMessage: (command) => redisStreamMessage(command, publication),
  googlePubSubMessage: (command) => googlePubSubMessage(command, publication),
  awsSqsMessage: (command) => awsSqsMessage(command),
  azureServiceBusMessage: (command) => azureServiceBusMessage(command),
};
const throwing = {
  get channel() {
    throw new Error("a getter failed");
  },
};

describe.each(Object.entries(makers))("%s refuses a payload that consumers would drop:", (_name, make) => {
  test.each<[string, string, unknown]>([
    ["publish: payload: expected an object, got undefined", "publish", undefined],
    ["publish: payload: expected an object, got ", "publish", "text"],
    ["publish: payload.channel: must not be empty", "publish", { data: 1 }],
    ["publish: payload.channel: must not be empty", "publish", { channel: null, data: 1 }],
    ["publish: payload.channel: ", "publish", { channel: 5, data: 1 }],
    ["publish: payload.data: expected JSON, got ", "publish", { channel: "c", data: () => 1 }],
    ["publish: payload: JSON.stringify: ", "publish", { channel: "c", data: 5n }],
    ["publish: payload.b64data: is not base64", "publish", { channel: "c", b64data: "?" }],
    ["publish: payload.tags.a: ", "publish", { channel: "c", data: 1, tags: { a: 1 } }],
    ["publish: payload.version: ", "publish", { channel: "c", data: 1, version: -1 }],
    [
      "publish: payload.idempotencyKey: unknown field; did you mean idempotency_key?",
      "publish",
      { channel: "c", data: 1, idempotencyKey: "k" },
    ],
    ["publish: payload.Channel: unknown field; did you mean channel?", "publish", { Channel: "c", data: 1 }],
    ["broadcast: payload.channels: must not be empty", "broadcast", { data: 1, idempotency_key: "k" }],
    [
      "broadcast: payload.channels[1]: must not be empty",
      "broadcast",
      { channels: ["a", ""], data: 1, idempotency_key: "k" },
    ],
    ["broadcast: idempotencyKey: is needed", "broadcast", { channels: ["a"], data: 1, idempotency_key: "" }],
    ["broadcast: idempotencyKey: is needed", "broadcast", { channels: ["a"], data: 1, idempotency_key: 5 }],
    ["broadcast: payload.channels: ", "broadcast", { channels: "a", data: 1, idempotency_key: "k" }],
    ["history_remove: payload.channel: must not be empty", "history_remove", {}],
    ["publish: payload: JSON.stringify: a getter failed", "publish", throwing],
  ])("%s", (message, method, payload) => {
    const refused = () => make({ method, payload } as ConsumerCommand);
    expect(refused).toThrow(CentRequestError);
    expect(refused).toThrow(message);
  });

  test("a command without a method", () => {
    for (const command of [undefined, null, 5, "publish", [], {}, { method: Symbol("m") }])
      expect(() => make(command as unknown as ConsumerCommand)).toThrow(CentRequestError);
  });
});

test("a payload of createCommand, and one that was read from JSON since, are not refused", () => {
  const all = [
    createCommand("publish", { channel: "c", data: null, tags: { a: "b" }, version: 2n ** 64n - 1n }),
    createCommand("publish", { channel: "c", data: new Uint8Array() }),
    createCommand("broadcast", { channels: ["a"], data: [1], idempotencyKey: "k" }),
    createCommand("subscribe", { channel: "c", user: "1", info: { a: 1 }, override: { presence: true } }),
    createCommand("disconnect", { user: "1", disconnect: { code: 4000, reason: "r" } }),
    createCommand("refresh", {}),
  ];
  const read = JSON.parse(JSON.stringify(all.slice(1))) as ConsumerCommand[];
  for (const command of [...all, ...read])
    expect(outboxInsert(command, { ...outbox, partition: 0 }).values[0]).toBe(command.method);
});

test("publication mode refuses empty bytes, for consumers skip a message without a body", () => {
  const empty = createCommand("publish", { channel: "c", data: new Uint8Array() });
  for (const make of [kafkaMessage, natsJetStreamMessage, redisStreamMessage, googlePubSubMessage])
    expect(() => make(empty, publication)).toThrow(
      "publish: data: is empty; consumers skip an empty message",
    );
  expect(kafkaMessage(empty).value).toBe('{"channel":"c"}');
});

test("a null in a payload is no header in publication mode", () => {
  const payload = { channel: "c", data: 1, idempotency_key: null, delta: null, tags: null };
  expect(natsJetStreamMessage({ method: "publish", payload }, publication).headers).toEqual({
    "centrifugo-channels": "c",
  });
});

test("options and names of any type are refused with a CentRequestError", () => {
  const symbol = Symbol("x") as unknown;
  const wrong: (() => unknown)[] = [undefined, null, 5, true, symbol, {}, [], () => 1, throwing].flatMap(
    (value) => [
      () => brokerQuery(value as BrokerMethod, { channel: "c" } as never),
      () => brokerQueries([[value, { channel: "c" }] as never]),
      () => brokerQuery("stream_publish", value as never),
      () => outboxInsert(createCommand("refresh", {}), { ...outbox, table: value as string }),
      () => outboxTable({ table: value as string }),
      () => outboxConfig({ ...outbox, dsn: value as string }),
    ],
  );
  for (const call of wrong) expect(call).toThrow(CentRequestError);
});

test("brokerQueries refuses more channels than a query of PostgreSQL has parameters", () => {
  const calls = Array.from(
    { length: 65_536 },
    (_, n) => ["stream_remove_history", { channel: `c${n}` }] as const,
  );
  expect(() => brokerQueries(calls)).toThrow(
    "brokerQueries: calls: expected at most 65535 channels, got 65536",
  );
});
