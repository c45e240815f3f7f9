import type { StartFaulty, Twin } from "../fault.ts";
import { over, overBoth } from "../fault.ts";
import { succeeds, unreadable } from "../rules.ts";
import { ofBody } from "../wire/body-server.ts";
import { emptyResult } from "../wire/request-server.ts";

/** An empty result, and bytes in a field that the schema does not have. */
function withUnknown(size: number): Record<"http" | "grpc", StartFaulty> {
  const filler = Buffer.alloc(size, "x");
  const length = Buffer.alloc(4);
  for (let at = 0, rest = size; at < 4; at++, rest >>= 7) length[at] = (rest & 127) | (at < 3 ? 128 : 0);
  // Field 1000, of bytes.
  const head = Buffer.concat([Buffer.from([18, 0, 0xc2, 0x3e]), length]);
  return ofBody((to, protocol) => {
    if (protocol === "http") to.write(emptyResult.replace("{}}", '{},"later":"'));
    else to.write(head);
    to.write(filler);
    to.end(protocol === "http" ? '"}' : undefined);
  }, head.length + size);
}

/** Millions of small fields that the schema does not have. */
function withSmallUnknown(count: number): Record<"http" | "grpc", StartFaulty> {
  const fields = Buffer.alloc(count * 4, Buffer.from([0xc0, 0x3e, 0x81, 1]));
  const members = Buffer.from(`${emptyResult.slice(0, -1)}${',"x":1'.repeat(count)}}`);
  return ofBody((to, protocol) => {
    if (protocol === "grpc") to.write(Buffer.from([18, 0]));
    to.end(protocol === "http" ? members : fields);
  }, 2 + fields.length);
}

/** An empty result, and nested lists or groups. */
function nested(depth: number): Record<"http" | "grpc", StartFaulty> {
  const json = `{"result":{},"later":${"[".repeat(depth)}${"]".repeat(depth)}}`;
  const open = Buffer.alloc(depth * 2, Buffer.from([0xc3, 0x3e]));
  const close = Buffer.alloc(depth * 2, Buffer.from([0xc4, 0x3e]));
  const message = Buffer.concat([Buffer.from([18, 0]), open, close]);
  return ofBody((to, protocol) => to.end(protocol === "http" ? json : message), message.length);
}

const roomy = { maxResponseBytes: 64 * 2 ** 20, timeoutMs: 10_000 };
const own = { isFlood: true };
/** Memory holds a reply in pieces, as a whole and as text before the client reads it. */
const large = { publish: succeeds.publish, options: roomy, ...own, mostMb: 250 };

const list: readonly Twin[] = [
  {
    title: "50 MB in an unknown field",
    start: withUnknown(50e6),
    ...large,
    mostMs: 3_000,
  },
  {
    title: "25 MB in an unknown field",
    start: withUnknown(25e6),
    ...large,
    mostMs: 1_500,
  },
  {
    title: "50 MB in small unknown fields",
    start: withSmallUnknown(8e6),
    ...large,
    mostMs: 5_000,
  },
  { title: "lists or groups 90 deep, in an unknown field", start: nested(90), ...succeeds },
];

const millionDeep = nested(1e6);
/** Protobuf limits the depth of groups. The JSON reader skips lists of any depth. */
const deepLists = { title: "lists a million deep, in an unknown member", start: millionDeep.http, ...own };
const deepGroups = { title: "groups a million deep, in an unknown field", start: millionDeep.grpc, ...own };

export const unknownFields = [
  ...overBoth(list),
  ...over("http", [{ ...deepLists, publish: succeeds.publish }]),
  ...over("grpc", [{ ...deepGroups, publish: unreadable.publish }]),
];
