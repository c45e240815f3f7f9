import type { DescMessage } from "@bufbuild/protobuf";
import { fileDesc, messageDesc } from "@bufbuild/protobuf/codegenv2";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { binaryFormat } from "../../limits/binary-format.ts";

/** A google.rpc.Status. */
export interface StatusDetails {
  readonly code: number;
  readonly message: string;
  readonly details: readonly { readonly typeUrl: string; readonly value: Uint8Array }[];
}

/**
 * The descriptor of: message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
 * message Any { string type_url = 1; bytes value = 2; }. Connect has it, and does not export it.
 */
const file =
  "ChN0c2NlbnQvc3RhdHVzLnByb3RvEgZ0c2NlbnQiRQoGU3RhdHVzEgwKBGNvZGUYASABKAUSDwoHbWVzc2FnZRgCIAEoCRIcCgdkZXRhaWxzGAMgAygLMgsudHNjZW50LkFueSImCgNBbnkSEAoIdHlwZV91cmwYASABKAkSDQoFdmFsdWUYAiABKAxiBnByb3RvMw";
let schema: DescMessage | undefined;

/** Reads the value of `grpc-status-details-bin`. @throws if it is no google.rpc.Status */
export function readStatusDetails(value: string): StatusDetails {
  schema ??= messageDesc(fileDesc(file), 0);
  return binaryFormat().fromBinary(schema, base64Decode(value)) as unknown as StatusDetails;
}
