import type { DescMessage } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import {
  BatchResponseSchema,
  ErrorSchema,
  PublishRequestSchema,
  PublishResponseSchema,
  PublishResultSchema,
} from "#api";
import { hasError, hasErrorOrResult } from "../../src/schema/error-or-result.ts";

/** A message type with these fields in place of its own. */
const withFields = (schema: DescMessage, field: object) => ({ ...schema, field }) as unknown as DescMessage;

test("a response with an error and a result is told from other messages", () => {
  expect(hasErrorOrResult(PublishResponseSchema)).toBe(true);
  const others = [BatchResponseSchema, PublishRequestSchema, PublishResultSchema, ErrorSchema];
  expect(others.filter(hasErrorOrResult)).toEqual([]);
});

test("a response needs a result that is a message, and an error", () => {
  const { error, result } = PublishResponseSchema.field;
  const odd = [{ error }, { result }, { error, result: { ...result, fieldKind: "scalar" } }, {}];
  expect(odd.filter((field) => hasErrorOrResult(withFields(PublishResponseSchema, field)))).toEqual([]);
  expect(hasError(withFields(PublishResponseSchema, { error }))).toBe(true);
});

test("an error needs a code and a message", () => {
  const { error } = PublishResponseSchema.field;
  const { code, message } = ErrorSchema.field;
  const reportsFailure = (field: object) =>
    hasError(
      withFields(PublishResponseSchema, { error: { ...error, message: withFields(ErrorSchema, field) } }),
    );
  expect(reportsFailure({ code, message })).toBe(true);
  expect([{ code }, { message }, {}].filter(reportsFailure)).toEqual([]);
  expect(hasError(withFields(PublishResponseSchema, { error: { fieldKind: "scalar" } }))).toBe(false);
});
