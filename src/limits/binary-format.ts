import type { fromBinary, toBinary } from "@bufbuild/protobuf";

interface BinaryFormat {
  readonly fromBinary: typeof fromBinary;
  readonly toBinary: typeof toBinary;
}

let loaded: BinaryFormat | undefined;

/** Loads protobuf's binary format, which only gRPC needs: it is in an entry of protobuf-es with dozens of modules. */
export async function loadBinaryFormat(): Promise<void> {
  loaded ??= await import("./all-protobuf.ts");
}

export function hasBinaryFormat(): boolean {
  return loaded !== undefined;
}

/** @throws if it is not loaded */
export function binaryFormat(): BinaryFormat {
  if (loaded === undefined) throw new Error("protobuf's binary format is not loaded");
  return loaded;
}
