import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { defineChannels } from "../../src/channels/index.ts";
import { CentDecodeError, CentRequestError, createClient, paginate } from "../../src/index.ts";
import { rejection } from "../harness/expected-error.ts";
import type { ServerKind, ServerUnderTest, TransportName } from "./servers.ts";
import { clientOf, describeEachServer, transports } from "./servers.ts";

describeEachServer((kind) => describe.each(transports)("over %s", (transport) => typed(kind, transport)), {
  needs: "config.json",
});

const text = z.object({ text: z.string(), at: z.iso.datetime().transform((iso) => new Date(iso)) });
const channels = defineChannels(
  { "short:*": { data: text }, "typed-*": { data: text } },
  { validate: "both" },
);
const at = "2026-01-01T00:00:00Z";
const read = new Date(at);

function typed(kind: ServerKind, transport: TransportName): void {
  let server: ServerUnderTest;
  const open = (batching: boolean) =>
    createClient({
      transport,
      url: transport === "http" ? server.httpUrl : server.grpcUrl,
      apiKey: server.apiKey,
      int64: "bigint",
      batching,
      channels,
    });

  beforeAll(async () => {
    server = await kind.start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test.each([false, true])("data comes back as the schema gives it, with batching %s", async (batching) => {
    const cent = open(batching);
    const channel = `typed-${randomUUID()}` as const;
    await cent.publish({ channel, data: { text: "1", at } });
    await cent.broadcast({ channels: [channel, `short:${randomUUID()}`], data: { text: "2", at } });
    await cent.publishMany([{ channel, data: { text: "3", at } }]);
    await cent.broadcastMany([channel], { data: { text: "4", at } });
    const refused = cent.publish({ channel, data: { text: 5 as never, at } });
    const error = await rejection(refused);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ field: "data.text" });

    const { publications, offset } = await cent.history({ channel, limit: -1 });
    expect(offset).toBe(4n);
    expect(publications.map(({ data }) => data)).toEqual(
      ["1", "2", "3", "4"].map((text) => ({ text, at: read })),
    );
    const pages = paginate(cent, "history", { channel, limit: 3 });
    expect((await pages.toArray({ limit: 9 })).map(({ data }) => data.at)).toEqual([read, read, read, read]);
    await cent.close();
  });

  test("data that another client has published is checked when it is read", async () => {
    const cent = open(false);
    const other = clientOf(server, transport);
    const channel = `typed-${randomUUID()}` as const;
    await cent.publish({ channel, data: { text: "1", at } });
    await other.publish({ channel, data: { text: 2, at } });
    const error = await rejection(cent.history({ channel, limit: -1 }));
    expect(error).toBeInstanceOf(CentDecodeError);
    const { message } = error as CentDecodeError;
    expect(message).toContain("history: in the reply, publications[1].data.text: Invalid input");
    expect(message).toContain(`(schema of typed-*, channel ${channel}, offset 2)`);
    await Promise.all([cent.close(), other.close()]);
  });
}
