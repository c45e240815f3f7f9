import type { fromBinary, toBinary } from "@bufbuild/protobuf";

interface BinaryFormat {
  readonly fromBinary: typeof fromBinary;
  readonly toBinary: typeof toBinary;
}

let loaded: BinaryFormat | undefined;

/** Loads protobuf's binary format, which only gRPC needs. */
export async function loadBinaryFormat(): Promise<void> {
  // Bundles have no such files, and a later protobuf-es may have others.
  loaded ??= loadedFiles() ?? (await import("./all-protobuf.ts"));
}

/**
 * Takes the binary format from two files of protobuf-es that its other entries have loaded. Only the main entry exports
 * them, and it loads dozens of files more. Undefined if there are no such files.
 */
function loadedFiles(): BinaryFormat | undefined {
  try {
    const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);
    const entry = require.resolve("@bufbuild/protobuf/wire");
    // An entry that `require` has not loaded was imported as an ES module.
    const format = entry in require.cache ? "cjs" : "esm";
    const file = (name: string) => require(entry.replace(/cjs.wire.index\.js$/, `${format}/${name}.js`));
    const { fromBinary } = file("from-binary") as BinaryFormat;
    const { toBinary } = file("to-binary") as BinaryFormat;
    return typeof fromBinary === "function" && typeof toBinary === "function"
      ? { fromBinary, toBinary }
      : undefined;
  } catch {
    return undefined;
  }
}

export function hasBinaryFormat(): boolean {
  return loaded !== undefined;
}

/** @throws if it is not loaded */
export function binaryFormat(): BinaryFormat {
  if (loaded === undefined) throw new Error("protobuf's binary format is not loaded");
  return loaded;
}
