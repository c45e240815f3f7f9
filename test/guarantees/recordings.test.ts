import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { equals, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { HistoryResponseSchema } from "#api";
import { readMessage } from "../../src/codec/json/read-message.ts";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import type { JsonBytes } from "../../src/codec/json-bytes.ts";
import type { LeftOut } from "../harness/each-exchange.ts";
import { testEach } from "../harness/each-exchange.ts";
import { grpcExchanges, httpExchanges, methodOf } from "../harness/recorded-exchanges.ts";

/** Fields that the server writes with their zero value, too. */
const alwaysWritten = new Set([
  "PresenceResult.presence",
  "ClientInfo.user",
  "ClientInfo.client",
  "PresenceStatsResult.num_clients",
  "PresenceStatsResult.num_users",
  "HistoryResult.publications",
  "HistoryResult.epoch",
  "HistoryResult.offset",
  "ChannelsResult.channels",
  "NodeResult.uid",
  "NodeResult.name",
  "NodeResult.version",
  "NodeResult.num_clients",
  "NodeResult.num_users",
  "NodeResult.num_channels",
  "NodeResult.num_subs",
]);

const asTheServer = {
  alwaysPresent: (field: DescField) => alwaysWritten.has(`${field.parent.name}.${field.name}`),
  rawJson: (bytes: Uint8Array) => (bytes as JsonBytes).text,
};

function schemasOf(request: { path: string } | { rpc: string }): { input: DescMessage; output: DescMessage } {
  const method = methodOf(request);
  if (method === undefined) throw new Error("no method of the API");
  return method.rpc;
}

describe("HTTP replies are read, and written back byte for byte", () => {
  const replies = httpExchanges().filter(([, { response }]) => response.status === 200);

  testEach(
    replies,
    { "the legacy route answers for any method": ["http auth and protocol 14"] },
    (exchange) => {
      const { output } = schemasOf(exchange.request);
      expect(writeMessage(output, readMessage(output, exchange.response.body), asTheServer)).toBe(
        exchange.response.body,
      );
    },
  );
});

describe("HTTP requests that this client could have written are read, and written back byte for byte", () => {
  const leftOut: LeftOut = {
    "not a method of the API": [
      "http auth and protocol 13",
      "http auth and protocol 14",
      "http auth and protocol 15",
    ],
    "not JSON": ["http auth and protocol 5", "http auth and protocol 9", "http auth and protocol 16"],
    "no object": ["http auth and protocol 7", "http auth and protocol 8"],
    "not of the schema's types": ["http auth and protocol 10", "http publish 19", "http publish 20"],
    "an unknown field, or names in upper case": ["http auth and protocol 11", "http auth and protocol 12"],
    "white space outside of data": ["http publish 6"],
    "an empty string or list, which is left out": [
      ...["http publish 9", "http history and presence 14", "http history and presence 20"],
      ...["http history and presence 23", "http history and presence 30", "http batch and broadcast 3"],
      ...["http batch and broadcast 8", "http batch and broadcast 10", "http map and shared poll 6"],
      ...["http map and shared poll 26", "http map and shared poll 30", "http transport error mode 2"],
      ...["http transport error mode 8", "connected clients 10", "connected clients 17"],
    ],
    "null, unknown or several methods in a command": ["http batch and broadcast 12"],
    "another order of the fields": [
      ...["http batch and broadcast 11", "http map and shared poll 21", "http map and shared poll 22"],
      ...["http map and shared poll 33", "http map and shared poll 35", "http map and shared poll 36"],
      ...[
        "http map and shared poll 37",
        "connected clients 8",
        "connected clients 11",
        "connected clients 12",
      ],
      ...["connected clients 13", "connected clients 14", "connected clients 16"],
    ],
  };

  testEach(httpExchanges(), leftOut, ({ request }) => {
    const { input } = schemasOf(request);
    expect(writeMessage(input, readMessage(input, request.body))).toBe(request.body);
  });

  test("requests with another order of fields differ in the order only", () => {
    const ids = new Set(leftOut["another order of the fields"]);
    const exchanges = httpExchanges().filter(([id]) => ids.has(id));
    expect(exchanges).toHaveLength(ids.size);
    expect(exchanges.length).toBeGreaterThan(0);
    for (const [id, { request }] of exchanges) {
      const { input } = schemasOf(request);
      // No request here has an integer that JSON.parse would round.
      const written = JSON.parse(writeMessage(input, readMessage(input, request.body)));
      expect(written, id).toEqual(JSON.parse(request.body));
    }
  });
});

describe("gRPC messages are what their proto3 JSON says, and encode to the same bytes", () => {
  const messages = grpcExchanges().flatMap(([id, { request, response }]) => {
    const { input, output } = schemasOf(request);
    const sent = { schema: input, base64: request.message, json: request.messageJson };
    const received = { schema: output, base64: response.message, json: response.messageJson };
    return [[`${id}, request`, sent] as const, [`${id}, response`, received] as const];
  });
  const present = messages.filter(([, { base64 }]) => base64 !== null);

  test("every exchange without a message has an error status", () => {
    const absent = grpcExchanges().filter(([, { response }]) => response.message === null);
    expect(absent.length + present.length).toBe(messages.length);
    expect(absent.filter(([, { response }]) => response.grpcStatus === "0")).toEqual([]);
  });

  testEach(
    present,
    { "cut short on purpose": ["grpc auth and protocol 6, request"] },
    ({ schema, base64, json }) => {
      const bytes = Buffer.from(base64 ?? "", "base64");
      const message = fromBinary(schema, bytes);
      expect(equals(schema, message, fromJson(schema, json ?? {}))).toBe(true);
      expect(toJson(schema, message)).toEqual(withoutEmpty(json ?? {}));
      expect(Buffer.from(toBinary(schema, message))).toEqual(bytes);
    },
  );
});

/** The recorded requests name some empty strings, which proto3 JSON leaves out. */
function withoutEmpty(json: object): object {
  return JSON.parse(JSON.stringify(json), (_key, value: unknown) => {
    if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== ""));
  });
}

test("the largest uint64 stays exact over HTTP and gRPC", () => {
  const [, overHttp] = httpExchanges().find(([id]) => id === "http publish 17") ?? [];
  const [, overGrpc] = grpcExchanges().find(([id]) => id === "grpc core 9") ?? [];
  const { input } = schemasOf({ rpc: "Publish" });
  const read = readMessage(input, overHttp?.request.body ?? "");
  const decoded = fromBinary(input, Buffer.from(overGrpc?.request.message ?? "", "base64"));
  expect(read).toMatchObject({ version: 18446744073709551615n });
  expect(equals(input, read, decoded)).toBe(true);
});

test("data keeps the text that the server compacted", () => {
  const [, exchange] = httpExchanges().find(([id]) => id === "http publish 23") ?? [];
  const { result } = readMessage(HistoryResponseSchema, exchange?.response.body ?? "");
  expect(result?.publications[4]?.data).toMatchObject({
    text: String.raw`{"b":1.0,"a":12345678901234567890,"z":1e400,"u":"\u00e9"}`,
  });
});
