import type { DescMessage } from "@bufbuild/protobuf";
import type { FuzzTarget, Growth } from "./fuzz-target.ts";

/** The bytes of a response to a method. */
export interface BytesInput {
  readonly schema: DescMessage;
  readonly bytes: Buffer;
  readonly growth?: Growth<BytesInput>;
}

export function grownInput(
  schema: DescMessage,
  shape: string,
  times: number,
  bytesOf: (times: number) => Buffer,
): BytesInput {
  const make = (count: number): BytesInput => ({ schema, bytes: bytesOf(count) });
  return { ...make(times), growth: { shape, times, make } };
}

/** The parts of a target that are the same for all whose inputs are bytes. */
export const ofBytes: Pick<FuzzTarget<BytesInput, unknown>, "sizeOf" | "show" | "minimize" | "growthOf"> = {
  sizeOf: ({ bytes }) => bytes.length,
  show: showBytes,
  minimize: ({ schema, bytes }, fails) => ({
    schema,
    bytes: minimizeBytes(bytes, (smaller) => fails({ schema, bytes: smaller })),
  }),
  growthOf: ({ growth }) => growth,
};

function showBytes({ schema, bytes }: BytesInput): string {
  const base64 = bytes.toString("base64");
  return `${schema.name} base64 ${base64}\n  ${JSON.stringify(bytes.toString("latin1").slice(0, 500))}`;
}

/** Removes parts, halves first and single bytes last, as long as the rest still fails. */
export function minimizeBytes(bytes: Buffer, fails: (smaller: Buffer) => boolean): Buffer {
  let least = bytes;
  let attempts = 3_000;
  for (let part = Math.ceil(bytes.length / 2); part > 0; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    for (let at = 0; at < least.length && attempts > 0; attempts--) {
      const smaller = Buffer.concat([least.subarray(0, at), least.subarray(at + part)]);
      if (fails(smaller)) least = smaller;
      else at += part;
    }
  }
  return least;
}
