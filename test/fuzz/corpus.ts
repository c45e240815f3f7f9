import type { DescMessage, Message } from "@bufbuild/protobuf";
import { ScalarType, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { CentrifugoApi } from "#api";
import { writeMessage } from "../../src/codec/json/write-message.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { arbitraryMessage } from "../harness/arbitrary-message.ts";
import { grpcExchanges, httpExchanges, methodOf } from "../harness/recorded-exchanges.ts";

/** A response that a server may send. */
export interface Sample {
  readonly schema: DescMessage;
  readonly bytes: Buffer;
}

/** The message types of all responses. The oracle of JSON has no rule for map keys other than strings. */
const responseSchemas: readonly DescMessage[] = methodTable(CentrifugoApi)
  .methods.map(({ rpc }) => rpc.output)
  .filter((schema) => !hasOtherKeys(schema, new Set()));

function hasOtherKeys(schema: DescMessage, seen: Set<DescMessage>): boolean {
  if (seen.has(schema)) return false;
  seen.add(schema);
  return schema.fields.some((field) => {
    if (field.fieldKind === "map" && field.mapKey !== ScalarType.STRING) return true;
    return field.message !== undefined && hasOtherKeys(field.message, seen);
  });
}

/** The kinds of fields in a message. Half of the responses have a result without fields, and need few samples. */
function fieldKinds(schema: DescMessage, seen = new Set<DescMessage>()): Set<string> {
  if (seen.has(schema)) return new Set();
  seen.add(schema);
  return new Set(
    schema.fields.flatMap((field) => [
      `${field.fieldKind} ${field.scalar ?? "message"}`,
      ...(field.message === undefined ? [] : fieldKinds(field.message, seen)),
    ]),
  );
}

/** A limit for random messages: short ones show the same faults, and sooner. */
const mostBytes = 2_000;

/** Recorded HTTP responses, and `count` random ones of each type, up to three times as many for many kinds of fields. */
export function jsonSamples(seed: number, count: number): Sample[] {
  const recorded = httpExchanges().flatMap(([, { request, response }]): Sample[] => {
    const method = methodOf(request);
    if (method === undefined || response.status !== 200) return [];
    return [{ schema: method.rpc.output, bytes: Buffer.from(response.body) }];
  });
  return [
    ...recorded,
    ...randomSamples(seed, count, (schema, message) => Buffer.from(writeMessage(schema, message))),
  ];
}

/** The same over gRPC, without frames. */
export function binarySamples(seed: number, count: number): Sample[] {
  const recorded = grpcExchanges().flatMap(([, { request, response }]): Sample[] => {
    const method = methodOf(request);
    if (method === undefined || response.message === null) return [];
    return [{ schema: method.rpc.output, bytes: Buffer.from(response.message, "base64") }];
  });
  return [
    ...recorded,
    ...randomSamples(seed, count, (schema, message) => Buffer.from(toBinary(schema, message))),
  ];
}

function randomSamples(
  seed: number,
  count: number,
  encode: (schema: DescMessage, message: Message) => Buffer,
): Sample[] {
  return responseSchemas.flatMap((schema) =>
    fc
      .sample(arbitraryMessage(schema), { seed, numRuns: count * Math.ceil(fieldKinds(schema).size / 4) })
      .map((message) => ({ schema, bytes: encode(schema, message) }))
      .filter(({ bytes }) => bytes.length <= mostBytes),
  );
}
