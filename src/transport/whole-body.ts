/** The chunks of a body as one. A single chunk, which most responses come in, is not copied. */
export function wholeBody(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks);
}
