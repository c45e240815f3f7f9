import { describe, expect, test } from "vitest";
import { CentRequestError, createCommand } from "../../../src/index.ts";
import {
  awsSqsMessage,
  azureServiceBusMessage,
  googlePubSubMessage,
  kafkaMessage,
  natsJetStreamMessage,
  redisStreamMessage,
} from "../../../src/outbox/index.ts";

const publish = createCommand("publish", { channel: "chat", data: { text: "hi" }, idempotencyKey: "k1" });
const body = '{"channel":"chat","data":{"text":"hi"},"idempotency_key":"k1"}';
const headers = { "centrifugo-method": "publish" };
const broadcast = createCommand("broadcast", { channels: ["a", "b"], data: 1, idempotencyKey: "k2" });

describe("messages in the mode of methods", () => {
  test("a Kafka message has the channel as its key", () => {
    expect(kafkaMessage(publish)).toStrictEqual({ key: "chat", value: body, headers });
  });

  test("a NATS message has the idempotency key as its id", () => {
    expect(natsJetStreamMessage(publish)).toStrictEqual({ payload: body, headers, msgID: "k1" });
    expect(natsJetStreamMessage(createCommand("disconnect", { user: "1" }))).not.toHaveProperty("msgID");
  });

  test("an entry of a Redis stream has the fields method and payload", () => {
    expect(redisStreamMessage(publish)).toStrictEqual({ method: "publish", payload: body });
  });

  test("a Google message has bytes, and a key if it is ordered", () => {
    expect(googlePubSubMessage(publish)).toStrictEqual({ data: Buffer.from(body), attributes: headers });
    expect(googlePubSubMessage(publish, { ordered: true })).toMatchObject({ orderingKey: "chat" });
  });

  test("an SQS message has attributes of the type String, and the ids of FIFO queues if it is ordered", () => {
    const message = {
      MessageBody: body,
      MessageAttributes: { "centrifugo-method": { DataType: "String", StringValue: "publish" } },
    };
    expect(awsSqsMessage(publish)).toStrictEqual(message);
    const ids = { MessageGroupId: "chat", MessageDeduplicationId: "k1" };
    expect(awsSqsMessage(publish, { ordered: true })).toStrictEqual({ ...message, ...ids });
  });

  test("an Azure message has a Buffer, and a session if it is ordered", () => {
    expect(azureServiceBusMessage(publish, { ordered: true })).toStrictEqual({
      body: Buffer.from(body),
      contentType: "application/json",
      applicationProperties: headers,
      messageId: "k1",
      sessionId: "chat",
    });
    expect(azureServiceBusMessage(publish)).not.toHaveProperty("sessionId");
  });

  test("a broadcast has the key that the caller gives, and none otherwise", () => {
    expect(kafkaMessage(broadcast)).not.toHaveProperty("key");
    expect(kafkaMessage(broadcast, { key: "all" })).toMatchObject({ key: "all" });
    expect(() => googlePubSubMessage(broadcast, { ordered: true })).toThrow(
      "broadcast: key: is needed with ordered, because a broadcast has many channels",
    );
    expect(googlePubSubMessage(broadcast, { ordered: true, key: "all" })).toMatchObject({
      orderingKey: "all",
    });
  });
});

describe("messages in the mode of publications", () => {
  const full = createCommand("publish", {
    channel: "chat",
    data: { text: "hi" },
    idempotencyKey: "k1",
    delta: true,
    version: 18446744073709551615n,
    versionEpoch: "e",
    tags: { a: "1", B: "" },
  });
  const all = {
    "centrifugo-channels": "chat",
    "centrifugo-idempotency-key": "k1",
    "centrifugo-delta": "true",
    "centrifugo-version": "18446744073709551615",
    "centrifugo-version-epoch": "e",
    "centrifugo-tag-a": "1",
    "centrifugo-tag-B": "",
  };
  const mode = "publication";

  test("the data is the body, and all else is in headers", () => {
    expect(kafkaMessage(full, { mode })).toStrictEqual({ key: "chat", value: '{"text":"hi"}', headers: all });
    expect(redisStreamMessage(full, { mode })).toStrictEqual({ ...all, payload: '{"text":"hi"}' });
  });

  test("fields without a value have no header, as some consumers fail on an empty one", () => {
    const command = createCommand("publish", {
      channel: "c",
      data: null,
      delta: false,
      version: 0,
      versionEpoch: "",
    });
    const message = natsJetStreamMessage(command, { mode });
    expect(message).toStrictEqual({ payload: "null", headers: { "centrifugo-channels": "c" } });
    const byHand = { method: "publish", payload: { channel: "c", data: 1, version_epoch: "" } } as const;
    expect(kafkaMessage(byHand, { mode }).headers).toStrictEqual({ "centrifugo-channels": "c" });
  });

  test("a broadcast has its channels in one header", () => {
    expect(kafkaMessage(broadcast, { mode }).headers["centrifugo-channels"]).toBe("a,b");
  });

  test("binary data is the body as it is", () => {
    const command = createCommand("publish", { channel: "c", data: new Uint8Array([0, 255]) });
    expect(kafkaMessage(command, { mode }).value).toStrictEqual(Buffer.from([0, 255]));
    expect(redisStreamMessage(command, { mode }).payload).toStrictEqual(Buffer.from([0, 255]));
    expect(azureServiceBusMessage(command, { mode })).toMatchObject({
      contentType: "application/octet-stream",
    });
    expect(() => awsSqsMessage(command, { mode })).toThrow(
      "publish: data: expected JSON, because SQS carries no bytes",
    );
  });

  test.each([
    [
      createCommand("disconnect", { user: "1" }),
      'disconnect: mode: "publication" carries only publish and broadcast',
    ],
    [createCommand("publish", { channel: "#1,2", data: 1 }), "publish: channel: has a comma"],
    [
      createCommand("broadcast", { channels: ["a", "b,c"], data: 1, idempotencyKey: "k" }),
      "broadcast: channels: has a comma",
    ],
    [
      createCommand("publish", { channel: "c", data: 1, skipHistory: true }),
      'publish: skipHistory: cannot be sent in the mode "publication"',
    ],
  ])("this mode refuses %o", (command, message) => {
    expect(() => kafkaMessage(command, { mode })).toThrow(CentRequestError);
    expect(() => kafkaMessage(command, { mode })).toThrow(message);
  });
});

describe("CentRequestError of messages", () => {
  const makers = {
    kafkaMessage,
    natsJetStreamMessage,
    redisStreamMessage,
    googlePubSubMessage,
    awsSqsMessage,
    azureServiceBusMessage,
  };

  test.each(Object.entries(makers))("%s refuses commands that consumers skip or repeat", (_name, make) => {
    const given = make as (command: unknown, options?: unknown) => unknown;
    expect(() => given({ method: "batch", payload: {} })).toThrow('batch: method: consumers skip "batch"');
    expect(() => given(createCommand("broadcast", { channels: ["a"], data: 1 }))).toThrow(
      "broadcast: idempotencyKey: is needed",
    );
    expect(() => given(publish, { mode: "header" })).toThrow(
      'publish: mode: expected "method" or "publication", got header',
    );
    expect(() => given(publish, { partition: 1 })).toThrow("publish: partition: unknown option");
  });

  test("SQS takes ten attributes, none of them empty, and ids with printable characters", () => {
    const tags = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`t${n}`, "x"]));
    const publication = { mode: "publication" } as const;
    const command = (count: number) => createCommand("publish", { channel: "c", data: 1, tags: tags(count) });
    expect(Object.keys(awsSqsMessage(command(9), publication).MessageAttributes)).toHaveLength(10);
    expect(() => awsSqsMessage(command(10), publication)).toThrow(
      "publish: tags: SQS takes 10 attributes, got 11",
    );
    const empty = createCommand("publish", { channel: "c", data: 1, tags: { t: "" } });
    expect(() => awsSqsMessage(empty, publication)).toThrow(
      "publish: tags: SQS takes no empty attribute, got centrifugo-tag-t",
    );
    const spaced = createCommand("publish", { channel: "chat", data: 1, tags: { "a b": "x" } });
    expect(() => awsSqsMessage(spaced, { mode: "publication" })).toThrow(
      "publish: tags: SQS takes attribute names of letters, digits, - _ and ., got centrifugo-tag-a b",
    );
    const odd = createCommand("publish", { channel: "große", data: 1 });
    expect(() => awsSqsMessage(odd, { ordered: true })).toThrow(
      "publish: key: SQS takes 1 to 128 ASCII letters",
    );
    const fine = createCommand("publish", { channel: "a:b#1,2[x]{y}~$", data: 1 });
    expect(awsSqsMessage(fine, { ordered: true }).MessageGroupId).toBe("a:b#1,2[x]{y}~$");
  });

  test("Azure takes ids of at most 128 characters", () => {
    const long = createCommand("publish", { channel: "c".repeat(129), data: 1 });
    expect(azureServiceBusMessage(long)).not.toHaveProperty("sessionId");
    expect(() => azureServiceBusMessage(long, { ordered: true })).toThrow(
      "publish: key: Service Bus takes ids",
    );
  });
});
