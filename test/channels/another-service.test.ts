import type { DescService } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { z } from "zod";
import { CentrifugoApi } from "#api";
import { defineChannels } from "../../src/channels/index.ts";
import type { UntypedMethods } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/index.ts";

const channels = defineChannels({ news: { data: z.object({ title: z.string() }) } });

test("a client of a service that is loaded at run time checks the data of channels", async () => {
  const service: DescService = CentrifugoApi;
  const { client, server } = createTestClient({ service, client: { channels } });
  const untyped: UntypedMethods = client;
  await untyped.publish({ channel: "news", data: { title: "hi" } });
  await expect(untyped.publish({ channel: "news", data: { title: 1 } })).rejects.toMatchObject({
    field: "data.title",
  });
  expect(server.calls).toHaveLength(1);
});
