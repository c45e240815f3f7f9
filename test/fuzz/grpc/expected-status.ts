import { isUtf8 } from "node:buffer";
import type { Message } from "@bufbuild/protobuf";
import { fromBinary, toJsonString } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { Code } from "@connectrpc/connect";
import { ErrorSchema } from "#api";
import type { StatusFields } from "./odd-status.ts";
import type { RpcStatus } from "./rpc-status.ts";
import { rpcStatusSchema } from "./rpc-status.ts";

/** The end of a call by its headers and trailers. */
export interface ExpectedStatus {
  readonly code: number;
  /** The message; undefined if the client chooses the words. */
  readonly message: string | undefined;
  /** Centrifugo's errors among the details, as JSON. */
  readonly details: readonly string[];
}

/** The failure of a response; undefined for a success, which is only the status 0. */
export function expectedStatus(header: StatusFields, trailer: StatusFields): ExpectedStatus | undefined {
  const source = "grpc-status" in trailer ? trailer : header;
  const status = source["grpc-status"];
  if (status === "0") return undefined;
  if (status === undefined) return { code: codeOfHttp(header[":status"]), message: undefined, details: [] };
  const code = Object.values(Code).find((one) => /^[0-9]{1,9}$/.test(`${status}`) && one === Number(status));
  if (typeof code !== "number") return { code: Code.Unknown, message: undefined, details: [] };
  const detailed = readDetails(source["grpc-status-details-bin"]);
  if (detailed === undefined)
    return { code, message: decodePercents(`${source["grpc-message"] ?? ""}`), details: [] };
  return { code, message: detailed.message, details: detailed.details.flatMap(errorIn) };
}

/** The error in an Any, as a list. The list is empty for another message or a broken one. */
function errorIn({ typeUrl, value }: RpcStatus["details"][number]): string[] {
  if (typeUrl.split("/").at(-1) !== ErrorSchema.typeName) return [];
  try {
    return [toJsonString(ErrorSchema, fromBinary(ErrorSchema, value))];
  } catch {
    return [];
  }
}

function readDetails(written: unknown): RpcStatus | undefined {
  if (typeof written !== "string") return undefined;
  try {
    const status: Message = fromBinary(rpcStatusSchema, base64Decode(written.trim()));
    const details = status as unknown as RpcStatus;
    return details.code === 0 ? undefined : details;
  } catch {
    // Unreadable details leave the status as it is.
    return undefined;
  }
}

/** The decoded text; the message itself if it is not percent-encoded. */
function decodePercents(message: string): string {
  if (/%(?![0-9a-f]{2})/i.test(message)) return message;
  let isText = true;
  const decoded = message.replace(/(?:%[0-9a-f]{2})+/gi, (run) => {
    const bytes = Buffer.from(run.replaceAll("%", ""), "hex");
    isText &&= isUtf8(bytes);
    return bytes.toString();
  });
  return isText ? decoded : message;
}

/** gRPC's own table of HTTP statuses. */
function codeOfHttp(status: unknown): number {
  switch (status) {
    case 400:
      return Code.Internal;
    case 401:
      return Code.Unauthenticated;
    case 403:
      return Code.PermissionDenied;
    case 404:
      return Code.Unimplemented;
    case 429:
    case 502:
    case 503:
    case 504:
      return Code.Unavailable;
    default:
      return Code.Unknown;
  }
}
