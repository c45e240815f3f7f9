/** The types of HTTP/2's frames, RFC 9113. */
export const frameType = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
  altsvc: 10,
  origin: 12,
  unknown: 0xfb,
} as const;

export const flag = { ack: 1, endStream: 1, endHeaders: 4, padded: 8 } as const;

/** A frame. Its `length` may be wrong on purpose. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Uint8Array = new Uint8Array(),
  length = payload.length,
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

export type Fields = Readonly<Record<string, string>>;

/** Fields in HPACK's simplest form: literal, not indexed, without Huffman codes. */
export function fieldBlock(fields: Fields): Buffer {
  const literals = Object.entries(fields).map(([name, value]) =>
    Buffer.concat([Buffer.from([0]), literal(name), literal(value)]),
  );
  return Buffer.concat(literals);
}

/** A string after its length, an integer with a prefix of seven bits. */
function literal(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  const length = [127];
  let rest = bytes.length - 127;
  for (; rest > 127; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([...length, rest]), bytes]);
}

export function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}

export function settings(...pairs: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = pairs.map(([id, value]) => Buffer.concat([Buffer.from([0, id]), words(value)]));
  return frame(frameType.settings, 0, 0, Buffer.concat(payload));
}

export const mostStreams = (count: number) => settings([3, count]);

export function headers(stream: number, fields: Fields, flags: number = flag.endHeaders): Buffer {
  return frame(frameType.headers, flags, stream, fieldBlock(fields));
}

export function data(stream: number, payload: Uint8Array, flags = 0): Buffer {
  return frame(frameType.data, flags, stream, payload);
}

export function reset(stream: number, code: number): Buffer {
  return frame(frameType.reset, 0, stream, words(code));
}

export function goaway(lastStream: number, code = 0, said = ""): Buffer {
  return frame(frameType.goaway, 0, 0, Buffer.concat([words(lastStream, code), Buffer.from(said)]));
}

export function ping(flags = 0): Buffer {
  return frame(frameType.ping, flags, 0, Buffer.alloc(8));
}

export function pushPromise(stream: number, promised: number): Buffer {
  const fields = { ":method": "GET", ":scheme": "http", ":authority": "localhost", ":path": "/pushed" };
  return frame(
    frameType.pushPromise,
    flag.endHeaders,
    stream,
    Buffer.concat([words(promised), fieldBlock(fields)]),
  );
}

export function continuation(stream: number, fields: Fields, flags = 0): Buffer {
  return frame(frameType.continuation, flags, stream, fieldBlock(fields));
}
