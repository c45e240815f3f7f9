import { expect, test } from "vitest";
import { z } from "zod";
import { defineChannels } from "../../src/channels/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { rejection } from "../harness/expected-error.ts";

test("a schema of zod whose code throws, which zod makes a promise of, leads to an error that says so", async () => {
  const data = z.string().refine(() => {
    throw new Error("no database");
  });
  const { client, server } = createTestClient({ client: { channels: defineChannels({ news: { data } }) } });
  expect(await rejection(client.publish({ channel: "news", data: "hi" }))).toMatchObject({
    field: "data",
    message: expect.stringContaining("; a schema of zod whose code throws does so, too"),
  });
  expect(server.calls).toEqual([]);
});
