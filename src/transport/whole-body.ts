/**
 * Joins more than 1,024 chunks that average under 1 KiB, because the chunk objects take more memory than their bytes.
 *
 * @param size bytes in all chunks
 */
export function joinSmallChunks(chunks: Buffer[], size: number): void {
  if (chunks.length > 1_024 && size < chunks.length * 1_024)
    chunks.splice(0, chunks.length, Buffer.concat(chunks));
}

/** Joins the chunks of a body. A single chunk, the usual case, is not copied. */
export function wholeBody(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}
