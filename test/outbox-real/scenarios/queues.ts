import assert from "node:assert/strict";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, headers } from "@nats-io/transport-node";
import { createClient as createRedis } from "@redis/client";
import type { ConsumerCommand } from "../../../src/index.ts";
import { createCommand } from "../../../src/index.ts";
import type { MessageMode } from "../../../src/outbox/index.ts";
import { natsJetStreamMessage, redisStreamMessage } from "../../../src/outbox/index.ts";
import { freePort } from "../../chaos/servers/ports.ts";
import { startRedis } from "../../chaos/servers/redis.ts";
import type { Binaries, Scenario } from "../scenario.ts";
import { Centrifugo } from "../servers/centrifugo.ts";
import { startNats } from "../servers/nats.ts";
import { Subscriber } from "../subscriber.ts";

const modes: readonly MessageMode[] = ["method", "publication"];

/** Sends commands in both modes, each to the queue of its mode, and checks that a client gets all of each. */
async function sendBoth(
  centrifugo: Centrifugo,
  send: (mode: MessageMode, command: ConsumerCommand) => Promise<unknown>,
): Promise<string> {
  for (const mode of modes) {
    const channels = [`${mode}_1`, `${mode}_2`];
    using subscriber = await Subscriber.connect(centrifugo.webSocketUrl, ...channels);
    const [channel = ""] = channels;
    const request = { tags: { Kind: "é, =" }, version: 2 ** 52, versionEpoch: "e 1", delta: true };
    const once = createCommand("publish", { channel, data: { text: "hé" }, idempotencyKey: "k", ...request });
    await send(mode, once);
    await send(mode, once);
    await send(mode, createCommand("broadcast", { channels, data: "all", idempotencyKey: `all ${mode}` }));
    assert.deepEqual(await subscriber.data(3), [{ text: "hé" }, "all", "all"]);
    assert.deepEqual(subscriber.publications[0]?.tags, request.tags);
    const older = createCommand("publish", {
      channel,
      data: "older",
      version: 2 ** 52 - 1,
      versionEpoch: "e 1",
    });
    await send(mode, createCommand("publish", { channel, data: 1, version: 2 ** 52, versionEpoch: "e 1" }));
    await send(mode, older);
    await send(mode, createCommand("publish", { channel, data: "last" }));
    assert.deepEqual((await subscriber.data(5)).slice(3), [1, "last"]);
    const { publications } = await centrifugo.client.history({ channel, limit: 10 });
    assert.deepEqual(
      publications.map(({ data }) => data),
      [{ text: "hé" }, "all", 1, "last"],
    );
  }
  return "both modes";
}

async function overRedis(binaries: Binaries): Promise<string> {
  const port = await freePort();
  await using _redis = await startRedis(port);
  const consumer = (mode: MessageMode) => ({
    ...{ name: mode, enabled: true, type: "redis_stream" },
    redis_stream: {
      ...{ address: `127.0.0.1:${port}`, streams: [mode], consumer_group: mode },
      publication_data_mode: { enabled: mode === "publication" },
    },
  });
  await using centrifugo = await Centrifugo.start(binaries.centrifugo, { consumers: modes.map(consumer) });
  const client = await createRedis({ url: `redis://127.0.0.1:${port}` }).connect();
  try {
    return await sendBoth(centrifugo, (mode, command) =>
      client.xAdd(mode, "*", redisStreamMessage(command, { mode })),
    );
  } finally {
    await client.close();
  }
}

async function overNats(binaries: Binaries): Promise<string> {
  await using nats = await startNats(binaries.nats);
  const connection = await connect({ servers: nats.url });
  try {
    const manager = await jetstreamManager(connection);
    for (const mode of modes) await manager.streams.add({ name: mode, subjects: [mode] });
    const consumer = (mode: MessageMode) => ({
      ...{ name: mode, enabled: true, type: "nats_jetstream" },
      nats_jetstream: {
        ...{ url: nats.url, stream_name: mode, subjects: [mode], durable_consumer_name: mode },
        ...{ deliver_policy: "all", publication_data_mode: { enabled: mode === "publication" } },
      },
    });
    await using centrifugo = await Centrifugo.start(binaries.centrifugo, { consumers: modes.map(consumer) });
    const stream = jetstream(connection);
    return await sendBoth(centrifugo, (mode, command) => {
      const message = natsJetStreamMessage(command, { mode });
      const natsHeaders = headers();
      for (const [name, value] of Object.entries(message.headers)) natsHeaders.set(name, value);
      return stream.publish(mode, message.payload, { ...message, headers: natsHeaders });
    });
  } finally {
    await connection.close();
  }
}

export const queueScenarios: readonly Scenario[] = [
  { name: "queue: Redis stream", needs: ["centrifugo", "redis"], run: overRedis },
  { name: "queue: NATS JetStream", needs: ["centrifugo", "nats"], run: overNats },
];
