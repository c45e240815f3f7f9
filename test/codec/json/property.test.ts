import type { DescMessage } from "@bufbuild/protobuf";
import { create, equals } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  BatchRequestSchema,
  BatchResponseSchema,
  CentrifugoApi,
  ConnectionsResponseSchema,
  HistoryResponseSchema,
  InfoResponseSchema,
  PublishRequestSchema,
  SendPushNotificationRequestSchema,
  SubscribeRequestSchema,
} from "#api";
import { readMessage } from "../../../src/codec/json/read-message.ts";
import { writeMessage } from "../../../src/codec/json/write-message.ts";
import { JsonBytes } from "../../../src/codec/json-bytes.ts";
import { JsonReadError } from "../../../src/codec/path-error.ts";
import { methodTable } from "../../../src/schema/method-table.ts";
import { arbitraryMessage, jsonText } from "../../harness/arbitrary-message.ts";
import { isJson } from "../../harness/is-json.ts";

/** Generous: the tests take one or two seconds, and each field of a newer schema adds to that. */
const timeoutMs = 60_000;

// A failure prints its seed and the smallest example; `fc.assert(…, { seed })` runs it again.

test("data is read byte for byte as it is written, with the value of JSON.parse", () => {
  fc.assert(
    fc.property(jsonText, fc.constantFrom("", " ", "\r\n\t"), (written, space) => {
      const text = `{"result":{"publications":[{"data":${space}${written}${space}},{"offset":1}]}}`;
      const [first, second] = readMessage(HistoryResponseSchema, text).result?.publications ?? [];
      expect(Buffer.from(first?.data ?? []).toString()).toBe(written);
      expect(first?.data).toBeInstanceOf(JsonBytes);
      expect(first?.data).toMatchObject({ text: written, value: JSON.parse(written) });
      expect(second?.offset).toBe(1n);
    }),
    { numRuns: 500 },
  );
});

describe("round trips", { timeout: timeoutMs }, () => {
  const schemas: DescMessage[] = [
    PublishRequestSchema,
    SubscribeRequestSchema,
    SendPushNotificationRequestSchema,
    HistoryResponseSchema,
    ConnectionsResponseSchema,
    InfoResponseSchema,
    // A field for each method that a batch can carry. The other methods follow.
    BatchRequestSchema,
    BatchResponseSchema,
    ...methodTable(CentrifugoApi)
      .methods.filter(({ name, command }) => command === undefined && name !== "batch")
      .flatMap(({ rpc }) => [rpc.input, rpc.output]),
  ];

  test.each(schemas.map((schema) => [schema.name, schema] as const))(
    "%s is the same message after it is written and read",
    (_name, schema) => {
      fc.assert(
        fc.property(arbitraryMessage(schema), (message) => {
          const text = writeMessage(schema, message);
          JSON.parse(text);
          const again = readMessage(schema, text);
          expect(equals(schema, again, message)).toBe(true);
          // equals() does not see extra properties. The text shows that there are none.
          expect(writeMessage(schema, again)).toBe(text);
        }),
        { numRuns: 100 },
      );
    },
  );

  test("the messages of the round trips have every kind of field of the API", () => {
    const kinds = (schema: DescMessage, seen = new Set<DescMessage>()): string[] => {
      if (seen.has(schema)) return [];
      seen.add(schema);
      return schema.fields.flatMap((field) => [
        `${field.fieldKind} ${field.scalar ?? (field.enum === undefined ? "message" : "enum")}`,
        ...(field.message === undefined ? [] : kinds(field.message, seen)),
      ]);
    };
    const messages = methodTable(CentrifugoApi).methods.flatMap(({ rpc }) => [rpc.input, rpc.output]);
    expect(new Set(schemas.flatMap((schema) => kinds(schema)))).toEqual(
      new Set(messages.flatMap((schema) => kinds(schema))),
    );
  });
});

describe("edited texts", { timeout: timeoutMs }, () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      ...'{}[]",:\\0123456789+-.eEtrufalsn \n\t\u0000\u00a0\ufeff',
      "null",
      "true",
      "\\u00",
      "//",
      '"a":',
    ),
    fc.string({ unit: "binary", maxLength: 2 }),
  );
  const edits = fc.array(
    fc.record({ place: fc.double({ min: 0, max: 1, noNaN: true }), drop: fc.nat(2), put: pieces }),
    { minLength: 1, maxLength: 3 },
  );
  const edited = (text: string, changes: readonly { place: number; drop: number; put: string }[]) =>
    changes.reduce((result, { place, drop, put }) => {
      const at = Math.floor(place * result.length);
      return result.slice(0, at) + put + result.slice(at + drop);
    }, text);
  test.each([HistoryResponseSchema, BatchResponseSchema, ConnectionsResponseSchema, PublishRequestSchema])(
    "$name: an edited text that JSON.parse refuses is refused",
    (schema: DescMessage) => {
      const counts = { read: 0, refused: 0 };
      fc.assert(
        fc.property(arbitraryMessage(schema, 4), edits, (message, changes) => {
          const text = edited(writeMessage(schema, message), changes);
          try {
            readMessage(schema, text);
            counts.read++;
          } catch (error) {
            expect(error).toBeInstanceOf(JsonReadError);
            counts.refused++;
            return;
          }
          expect(isJson(text), text).toBe(true);
        }),
        { numRuns: 1000 },
      );
      // The edits are useful only if some texts are read, and many are refused.
      expect(counts.read).toBeGreaterThan(10);
      expect(counts.refused).toBeGreaterThan(100);
    },
  );

  test("edited data is refused if and only if JSON.parse refuses it", () => {
    fc.assert(
      fc.property(jsonText, edits, (written, changes) => {
        const text = edited(written, changes);
        // The array keeps white space and commas of the edited text inside the value.
        const reply = `{"result":{"publications":[{"data":[${text}]}]}}`;
        if (isJson(reply)) {
          expect(readMessage(HistoryResponseSchema, reply).result?.publications).toHaveLength(1);
        } else {
          expect(() => readMessage(HistoryResponseSchema, reply)).toThrow(JsonReadError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test("binary data is written to its base64 sibling", () => {
  fc.assert(
    fc.property(arbitraryMessage(PublishRequestSchema), fc.uint8Array({ minLength: 1 }), (message, data) => {
      const written = JSON.parse(
        writeMessage(PublishRequestSchema, create(PublishRequestSchema, { ...message, data, b64data: "" })),
      );
      expect(written.b64data).toBe(Buffer.from(data).toString("base64"));
      expect(written).not.toHaveProperty("data");
    }),
  );
});
