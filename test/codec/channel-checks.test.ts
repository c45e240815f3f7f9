import type { Message } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { defineChannels } from "../../src/channels/index.ts";
import { createChannelChecks } from "../../src/codec/channel-checks.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { centrifugoApi } from "../../src/schema/default-api.ts";
import type { Method } from "../../src/schema/method-table.ts";
import { methodTable } from "../../src/schema/method-table.ts";

test("a history of another service, without channel and publications, is left alone", () => {
  const channels = defineChannels({}, { unknown: "allow", validate: "both" });
  const table = methodTable(centrifugoApi());
  const checks = createChannelChecks(channels, table, createPayload(undefined));
  const history = table.byName("history") as Method;
  const result = { events: [1] };
  checks.sent(history, {} as Message);
  checks.read(history, {} as Message, result);
  expect(result).toEqual({ events: [1] });
});
