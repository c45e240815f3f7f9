import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import type { BytesInput } from "../bytes-input.ts";
import { grownInput } from "../bytes-input.ts";
import type { Sample } from "../corpus.ts";
import type { Random } from "../random.ts";
import { withPrefix } from "./frame-prefix.ts";
import { mutateFields } from "./wire-fields.ts";

const mostBytes = 64 * 1024;

const units: Readonly<Record<string, Buffer>> = Object.fromEntries(
  Object.entries({
    "an unknown varint": "f83f01",
    "an unknown string": "fa3f0161",
    "an empty group": "fb3ffc3f",
    "the start of a group": "fb3f",
    "the end of a group": "fc3f",
    "an empty result": "1200",
    "an empty error": "0a00",
    "an error that is a result": "1204121200",
    "a continued varint": "80",
    "all ones": "ff",
    zeros: "00",
  }).map(([name, hex]) => [name, Buffer.from(hex, "hex")]),
);

/** A frame with one repeated part, up to 64 KiB. */
export function grownFrame({ schema, bytes }: Sample, random: Random): BytesInput {
  const [name, unit] = growingUnit(bytes, () => mutateFields(schema, bytes, random), random);
  const times = Math.ceil(random.size(mostBytes) / unit.length);
  const isInside = random.chance(0.5);
  const place = isInside ? "in the result" : "at the end";
  return grownInput(schema, `${schema.name}: ${name} ${place}`, times, (count) => {
    const repeated = Buffer.alloc(unit.length * count, unit);
    const added = isInside
      ? new BinaryWriter().tag(2, WireType.LengthDelimited).bytes(repeated).finish()
      : repeated;
    const message = Buffer.concat([bytes, added]);
    return withPrefix(message, 0, message.length);
  });
}

function growingUnit(bytes: Buffer, mutated: () => Uint8Array, random: Random): [name: string, unit: Buffer] {
  switch (random.below(3)) {
    case 0: {
      const [name, unit] = random.pick(Object.entries(units));
      return [name, unit];
    }
    case 1: {
      const unit = Buffer.from(mutated());
      return unit.length === 0 ? ["nothing", Buffer.of(0)] : [unit.toString("hex").slice(0, 80), unit];
    }
    default: {
      const at = random.below(bytes.length + 1);
      const unit = bytes.subarray(at, at + random.size(100));
      return unit.length === 0 ? ["nothing", Buffer.of(0)] : [unit.toString("hex").slice(0, 80), unit];
    }
  }
}
