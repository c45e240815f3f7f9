/**
 * Joins the chunks of a body where they are so many and small that they take more memory than their bytes.
 *
 * @param size of all of them
 */
export function joinSmallChunks(chunks: Buffer[], size: number): void {
  if (chunks.length > 1_024 && size < chunks.length * 1_024)
    chunks.splice(0, chunks.length, Buffer.concat(chunks));
}

/** The chunks of a body as one. A single chunk, which most responses come in, is not copied. */
export function wholeBody(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}
