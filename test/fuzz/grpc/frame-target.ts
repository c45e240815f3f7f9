import type { Message } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { decodeMessage } from "../../../src/codec/decode-message.ts";
import { PathError } from "../../../src/codec/path-error.ts";
import { createPayload } from "../../../src/codec/payload.ts";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { decodeResponse } from "../../../src/transport/grpc/frame.ts";
import { TransportFailure } from "../../../src/transport/transport-failure.ts";
import type { BytesInput } from "../bytes-input.ts";
import { ofBytes } from "../bytes-input.ts";
import { binarySamples } from "../corpus.ts";
import type { FuzzTarget, Outcome, Verdict } from "../fuzz-target.ts";
import { nameError, outcomeOf } from "../fuzz-target.ts";
import { mutateBytes } from "../mutate-bytes.ts";
import type { Random } from "../random.ts";
import { withPrefix } from "./frame-prefix.ts";
import { grownFrame } from "./grown-frame.ts";
import { mutateFields } from "./wire-fields.ts";

await loadBinaryFormat();

/** The body of a response over gRPC, read as the transport reads it. fromBinary of one whole frame is the oracle. */
export function frameTarget(seed: number, samplesPerType: number): FuzzTarget<BytesInput, Message> {
  const samples = binarySamples(seed, samplesPerType);
  return {
    name: "gRPC frames",
    make(random) {
      const sample = random.pick(samples);
      if (random.chance(0.006)) return grownFrame(sample, random);
      const other = random.pick(samples);
      const schema = random.chance(0.05) ? other.schema : sample.schema;
      let message: Uint8Array = sample.bytes;
      for (let left = random.below(3); left > 0; left--) message = mutateFields(schema, message, random);
      if (random.chance(0.2)) message = mutateBytes(Buffer.from(message), other.bytes, random);
      return { schema, bytes: framed(message, other.bytes, random) };
    },
    run: ({ schema, bytes }) => decodeResponse(schema, bytes),
    judge,
    ...ofBytes,
  };
}

/** A message in a frame. One frame in five has a fault. */
function framed(message: Uint8Array, other: Uint8Array, random: Random): Buffer {
  const whole = withPrefix(message, 0, message.length);
  switch (random.below(40)) {
    case 0:
      return whole.subarray(0, random.below(whole.length + 1));
    case 1:
      return Buffer.concat([whole, withPrefix(other, 0, other.length)]);
    case 2:
      return Buffer.concat([whole, random.bytes(random.size(8))]);
    case 3:
      return withPrefix(message, random.pick([1, 2, 127, 128, 255]), message.length);
    case 4:
      return withPrefix(message, 0, random.pick([0, 1, message.length - 1, message.length + 1]));
    case 5:
      return withPrefix(
        message,
        0,
        random.pick([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, message.length + 2 ** 24]),
      );
    case 6:
      return random.pick([
        Buffer.alloc(0),
        Buffer.alloc(4),
        Buffer.alloc(5),
        Buffer.alloc(10),
        random.bytes(6),
      ]);
    case 7:
      return Buffer.from(message);
    default:
      return whole;
  }
}

function judge({ schema, bytes }: BytesInput, outcome: Outcome<Message>): Verdict {
  const prefix = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isWhole = bytes.length >= 5 && prefix.getUint8(0) === 0 && prefix.getUint32(1) === bytes.length - 5;
  if (!isWhole) return { kind: "no frame", problem: notRefused(outcome) };
  const expected = outcomeOf(() => fromBinary(schema, new Uint8Array(bytes).subarray(5)));
  if ("error" in expected) return { kind: "no message", problem: notRefused(outcome) };
  if ("error" in outcome) return { kind: "read", problem: `refused: ${nameError(outcome.error)}` };
  const written = (message: Message) => toBinary(schema, message, { writeUnknownFields: false });
  const isSame = Buffer.compare(written(expected.value), written(outcome.value)) === 0;
  return { kind: "read", problem: isSame ? undecodable(schema, outcome.value) : "read wrong" };
}

function notRefused(outcome: Outcome<Message>): string | undefined {
  if ("value" in outcome) return "accepted";
  const { error } = outcome;
  const { cause } = error as Error;
  const isExpected =
    error instanceof ConnectError && cause instanceof TransportFailure && cause.kind === "decode";
  return isExpected ? undefined : nameError(error);
}

const payload = createPayload(undefined);
const item = () => undefined;

/** The error if a message becomes neither a result nor a PathError for an integer that a number cannot hold. */
function undecodable(schema: BytesInput["schema"], message: Message): string | undefined {
  for (const int64 of ["bigint", "number"] as const) {
    const decoded = outcomeOf(() => decodeMessage(schema, message, { payload, int64, item }));
    if (!("error" in decoded)) continue;
    if (int64 === "bigint" || !(decoded.error instanceof PathError)) return nameError(decoded.error);
  }
  return undefined;
}
