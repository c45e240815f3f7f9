import type { DescMessage } from "@bufbuild/protobuf";

/** Whether a message type has both `error` and `result`. A response sets one of them. */
export function hasErrorOrResult(schema: DescMessage): boolean {
  return hasError(schema) && schema.field.result?.fieldKind === "message";
}

/** Whether a message type has an `error` with a code and a message. */
export function hasError(schema: DescMessage): boolean {
  const { code, message } = schema.field.error?.message?.field ?? {};
  return code !== undefined && message !== undefined;
}
