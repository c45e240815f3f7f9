import { Code } from "../limits/connect-error.ts";

const codes: ReadonlyMap<number, Code> = new Map<number, Code>([
  [400, Code.Internal],
  [401, Code.Unauthenticated],
  [403, Code.PermissionDenied],
  [404, Code.Unimplemented],
  [429, Code.Unavailable],
  [502, Code.Unavailable],
  [503, Code.Unavailable],
  [504, Code.Unavailable],
]);

/** gRPC's code for an HTTP status, as gRPC's specification maps them. */
export function codeOfHttpStatus(status: number): Code {
  return codes.get(status) ?? Code.Unknown;
}
