import type { DescMessage } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { Random } from "../random.ts";

/** A field of a message on the wire, with its tag. */
interface WireField {
  readonly number: number;
  readonly type: WireType;
  readonly bytes: Uint8Array;
  /** The bytes without the tag, and without the length that a message, string or list has. */
  readonly content: Uint8Array;
}

/** The fields of a message; undefined if some of its bytes are not fields. */
function readFields(bytes: Uint8Array): WireField[] | undefined {
  const reader = new BinaryReader(bytes);
  const fields: WireField[] = [];
  try {
    while (reader.pos < bytes.length) {
      const start = reader.pos;
      const [number, type] = reader.tag();
      const value = reader.skip(type, number);
      const content = type === WireType.LengthDelimited ? new BinaryReader(value).bytes() : value;
      fields.push({ number, type, bytes: bytes.subarray(start, reader.pos), content });
    }
    return fields;
  } catch {
    // An earlier fault is not a field.
    return undefined;
  }
}

/** The bytes of a message with a fault in it, or in a nested message. */
export function mutateFields(schema: DescMessage | undefined, bytes: Uint8Array, random: Random): Uint8Array {
  const fields = readFields(bytes);
  if (fields === undefined) return Buffer.concat([bytes, oddField(schema, random)]);
  const parts = fields.map((field) => field.bytes);
  const at = random.below(fields.length + 1);
  const field = fields[at];
  const inner = schema?.fields.find(({ number }) => number === field?.number);
  if (field !== undefined && inner !== undefined && random.chance(0.75)) {
    const isMessage = inner.message !== undefined || inner.fieldKind === "map";
    if (isMessage && field.type === WireType.LengthDelimited) {
      parts[at] = lengthDelimited(field.number, mutateFields(inner.message, field.content, random), random);
      return Buffer.concat(parts);
    }
  }
  switch (random.below(5)) {
    case 0:
      parts.splice(at, 1);
      break;
    case 1:
      parts.splice(random.below(parts.length + 1), 0, ...parts.slice(at, at + random.size(3)));
      break;
    case 2:
      if (field !== undefined) parts[at] = tagged(field.number, random.below(6), field.content);
      break;
    default:
      parts.splice(at, 0, oddField(schema, random));
  }
  return Buffer.concat(parts);
}

/** A field with a length that is sometimes wrong. */
function lengthDelimited(number: number, content: Uint8Array, random: Random): Uint8Array {
  const lie = random.chance(0.1) ? random.pick([-2, -1, 1, 2, 127, 2 ** 31 - 1, 2 ** 32 - 1]) : 0;
  const length = Math.min(Math.max(content.length + lie, 0), 2 ** 32 - 1);
  return new BinaryWriter().tag(number, WireType.LengthDelimited).uint32(length).raw(content).finish();
}

function tagged(number: number, type: number, content: Uint8Array): Uint8Array {
  return new BinaryWriter()
    .uint32(((number << 3) | type) >>> 0)
    .raw(content)
    .finish();
}

const varints = [
  ..."00 01 7f 80 8000 8100 ffffffff0f ffffffff7f 80808080808080808001 ffffffffffffffffff01".split(" "),
  ..."ffffffffffffffffff7f ffffffffffffffffffff01 8080808080808080808000 ffffffffffffffffffffffff".split(" "),
].map((hex) => Buffer.from(hex, "hex"));

/** A field of any number and any type, known or unknown, whole or broken. */
function oddField(schema: DescMessage | undefined, random: Random): Uint8Array {
  const known = schema?.fields.map(({ number }) => number) ?? [];
  const number = random.chance(0.6) && known.length > 0 ? random.pick(known) : random.pick(unknownNumbers);
  switch (random.below(8)) {
    case 0:
    case 1:
      return tagged(number, WireType.Varint, random.pick(varints));
    case 2:
      return tagged(number, WireType.Bit64, random.bytes(random.chance(0.9) ? 8 : random.below(8)));
    case 3:
      return tagged(number, WireType.Bit32, random.bytes(random.chance(0.9) ? 4 : random.below(4)));
    case 4: {
      const depth = random.size(150);
      const open = tagged(number, WireType.StartGroup, Buffer.alloc(0));
      const close = tagged(random.chance(0.9) ? number : number + 1, WireType.EndGroup, Buffer.alloc(0));
      const closed = random.chance(0.9) ? depth : random.below(depth);
      return Buffer.concat([...Array(depth).fill(open), ...Array(closed).fill(close)]);
    }
    case 5:
      return tagged(number, random.pick([WireType.EndGroup, 6, 7]), random.bytes(random.below(3)));
    case 6:
      return random.bytes(random.size(8));
    default:
      return lengthDelimited(number, random.bytes(random.below(12)), random);
  }
}

const unknownNumbers = [0, 1, 2, 3, 15, 16, 999, 19_000, 2 ** 29 - 1];
