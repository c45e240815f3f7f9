import type { DescMessage } from "@bufbuild/protobuf";

/** A message with `error` and `result`, which is how the schema writes that something succeeds or fails. */
export function isOutcome(schema: DescMessage): boolean {
  return hasError(schema) && schema.field.result?.fieldKind === "message";
}

/** Whether a message can say that something failed: with a code and a message. */
export function hasError(schema: DescMessage): boolean {
  const { code, message } = schema.field.error?.message?.field ?? {};
  return code !== undefined && message !== undefined;
}
