/** The body as a Buffer, which several clients of queues ask for by its class. */
export function bodyBuffer(body: string | Uint8Array): Buffer {
  return typeof body === "string" ? Buffer.from(body, "utf8") : Buffer.from(body);
}

/** JSON as a string, bytes as a Buffer. */
export function textOrBuffer(body: string | Uint8Array): string | Buffer {
  return typeof body === "string" ? body : bodyBuffer(body);
}
