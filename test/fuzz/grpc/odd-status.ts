import type { IncomingHttpHeaders, IncomingHttpStatusHeader } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { ErrorSchema } from "#api";
import { mutateBytes } from "../mutate-bytes.ts";
import type { Random } from "../random.ts";
import { rpcStatusSchema } from "./rpc-status.ts";
import { mutateFields } from "./wire-fields.ts";

/** The fields of headers or trailers that tell how a call ended. */
export type StatusFields = Readonly<IncomingHttpHeaders>;

const statuses =
  "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 99 00 05 000000005 0000000005 999999999 -0 -1 +5 0x5 5.0 5e0 1e1".split(
    " ",
  );
const oddStatuses = [
  "",
  " 0",
  "0 ",
  "0, 0",
  "5, 5",
  "OK",
  "Canceled",
  "NaN",
  "null",
  "0\u00a0",
  "\u00b2",
  "__proto__",
];
const httpStatuses = [200, 200, 200, 204, 301, 400, 401, 403, 404, 413, 429, 500, 502, 503, 504, 599, 0, -1];
const escapes =
  "%20 %25 %C3%A9 %c3%a9 %F0%9F%98%80 %00 %0A % %% %2 %zz %E9 %C3 %ED%A0%80 %C0%AF %u0041 + é \u0080".split(
    " ",
  );
const types = [
  `type.googleapis.com/${ErrorSchema.typeName}`,
  ErrorSchema.typeName,
  `/${ErrorSchema.typeName}`,
  `a/b/${ErrorSchema.typeName}/`,
  `type.googleapis.com/${ErrorSchema.typeName}s`,
  "type.googleapis.com/google.rpc.ErrorInfo",
  "__proto__",
  "",
];

/** The fields of a status: complete, incomplete or malformed. */
export function oddStatus(random: Random): StatusFields {
  const fields: IncomingHttpHeaders = {};
  if (random.chance(0.9)) fields["grpc-status"] = oddStatusNumber(random);
  if (random.chance(0.7)) fields["grpc-message"] = oddMessage(random);
  if (random.chance(0.6)) fields["grpc-status-details-bin"] = oddDetails(random);
  if (random.chance(0.1)) fields["set-cookie"] = ["a=b", "c=d"];
  return fields;
}

function oddStatusNumber(random: Random): string {
  if (random.chance(0.1)) return "0";
  return random.pick(random.chance(0.9) ? statuses : oddStatuses);
}

export function oddHeaders(random: Random): StatusFields {
  const status = { ":status": random.pick(httpStatuses) } as IncomingHttpStatusHeader as IncomingHttpHeaders;
  const fields = random.chance(0.98) ? status : {};
  if (random.chance(0.9)) fields["content-type"] = random.pick(["application/grpc", "text/html", ""]);
  return random.chance(0.4) ? { ...fields, ...oddStatus(random) } : fields;
}

function oddMessage(random: Random): string {
  let message = "";
  for (let left = random.below(5); left > 0; left--) {
    message += random.chance(0.3)
      ? random.pick(escapes)
      : random.pick(["not found", "a", "%20", "100%25", ": "]);
  }
  return message;
}

function oddDetails(random: Random): string {
  const bytes = oddStatusBytes(random);
  const base64 = bytes.toString(random.chance(0.1) ? "base64url" : "base64");
  switch (random.below(12)) {
    case 0:
      return base64.replaceAll("=", "");
    case 1:
      return mutateBytes(Buffer.from(base64), Buffer.from("AAAA===="), random)
        .toString("latin1")
        .replace(/[\0\r\n]/g, "");
    case 2:
      return `${base64}, ${base64}`;
    default:
      return base64;
  }
}

function oddStatusBytes(random: Random): Buffer {
  const details = Array.from({ length: random.below(3) + (random.chance(0.8) ? 1 : 0) }, () => {
    const error = toBinary(ErrorSchema, create(ErrorSchema, { code: random.below(200), message: "unknown" }));
    const value = random.chance(0.7) ? error : mutateFields(ErrorSchema, error, random);
    const typeUrl = random.pick(random.chance(0.7) ? types.slice(0, 1) : types);
    return create(AnySchema, { typeUrl, value: new Uint8Array(value) });
  });
  const code = random.chance(0.8) ? random.below(17) : random.pick([17, 99, -1, 2 ** 31 - 1, -(2 ** 31)]);
  const message = random.pick(["", "not found", "100%", "%41", "é😀", "a\nb"]);
  const init = { code, message, details } as Record<string, unknown>;
  let bytes = toBinary(rpcStatusSchema, create(rpcStatusSchema, init));
  if (random.chance(0.3)) bytes = new Uint8Array(mutateFields(rpcStatusSchema, bytes, random));
  return random.chance(0.1) ? mutateBytes(Buffer.from(bytes), Buffer.alloc(8), random) : Buffer.from(bytes);
}
