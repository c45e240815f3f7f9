import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineChannels } from "../../src/channels/index.ts";
import { hideSecret } from "../../src/errors/hide-secret.ts";
import type { CentClient } from "../../src/index.ts";
import { CentDecodeError, CentRequestError, paginate } from "../../src/index.ts";
import { createTestClient } from "../../src/testing/index.ts";

const at = "2026-01-01T00:00:00Z";
const schema = z.object({ at: z.string().transform((text) => new Date(text)), n: z.number().default(7) });
const output = { at: new Date(at), n: 7 };

/** A client whose server has these data in the history of each channel. Its types leave the channels out. */
function readerOf(history: readonly unknown[], validate: "sent" | "both", client: object = {}) {
  const channels = defineChannels({ "date:*": { data: schema } }, { validate, unknown: "allow" });
  const publications = history.map((data, index) => ({ data, offset: index + 1 }));
  const methods = { history: () => ({ publications, offset: publications.length, epoch: "e" }) };
  const made = createTestClient({ methods, client: { ...client, channels } });
  return made.client as object as CentClient;
}

describe('validate: "both"', () => {
  test.each([{}, { batching: true }])("history gives the output of the schema, with %j", async (client) => {
    const cent = readerOf([{ at }, { at, n: 1 }], "both", client);
    const { publications } = await cent.history({ channel: "date:1", limit: -1 });
    expect(publications.map(({ data }) => data)).toEqual([output, { ...output, n: 1 }]);
  });

  test.each([{}, { batching: true }, { int64: "bigint" }])(
    "data that the schema refuses is a CentDecodeError with channel, offset and path, with %j",
    async (client) => {
      const cent = readerOf([{ at }, { at: 5, n: "x" }], "both", client);
      const error = await cent.history({ channel: "date:1", limit: -1 }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CentDecodeError);
      expect((error as CentDecodeError).message).toBe(
        "history: in the reply, publications[1].data.at: Invalid input: expected string, received number (schema of date:*, channel date:1, offset 2, 1 more issue)",
      );
      expect((error as CentDecodeError).issues).toHaveLength(2);
      expect(JSON.stringify(error)).not.toContain("issues");
    },
  );

  test("a command of a batch gives the output, and the error names the command", async () => {
    const commands = [{ history: { channel: "date:1", limit: -1 } }] as const;
    const { replies } = await readerOf([{ at }], "both").batch({ commands });
    expect(replies[0]).toMatchObject({ ok: true, result: { publications: [{ data: output }] } });
    await expect(readerOf([{}], "both").batch({ commands })).rejects.toThrow(
      "batch: in the reply, replies[0].history.publications[0].data.at: Invalid input",
    );
  });

  test("paginate gives the output", async () => {
    const pages = paginate(readerOf([{ at }], "both"), "history", { channel: "date:1" });
    expect(await pages.toArray({ limit: 9 })).toMatchObject([{ data: output }]);
  });

  test("the data of a channel without a definition is left alone", async () => {
    const { publications } = await readerOf([{ at: 5 }], "both").history({ channel: "other", limit: -1 });
    expect(publications[0]?.data).toEqual({ at: 5 });
  });

  test("a schema that answers with a promise is a CentDecodeError", async () => {
    const channels = defineChannels(
      { news: { data: z.string().refine(async () => true) } },
      { validate: "both" },
    );
    const methods = { history: () => ({ publications: [{ data: "a", offset: 1 }], offset: 1, epoch: "e" }) };
    const { client } = createTestClient({ methods, client: { channels } });
    await expect(client.history({ channel: "news" })).rejects.toThrow(
      "history: in the reply, publications[0].data: the schema of news answers with a promise",
    );
  });
});

test("without validate, history gives data as it was sent", async () => {
  const cent = readerOf([{ at }, { at: 5 }], "sent");
  const { publications } = await cent.history({ channel: "date:1", limit: -1 });
  expect(publications.map(({ data }) => data)).toEqual([{ at }, { at: 5 }]);
});

test.each([CentRequestError, CentDecodeError])(
  "the issues of a %o hide the key of the client",
  (ErrorClass) => {
    const issues = [{ message: "got the-secret-key", input: { text: "the-secret-key" } }];
    const error = new ErrorClass("history: got the-secret-key", { issues });
    hideSecret(error, "the-secret-key");
    expect(error.issues).toEqual([{ message: "got (secret)", input: { text: "(secret)" } }]);
  },
);
