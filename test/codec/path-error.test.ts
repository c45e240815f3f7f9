import { expect, test } from "vitest";
import { asPathError, PathError } from "../../src/codec/path-error.ts";

test("asPathError keeps a PathError, and makes one of anything else, with its cause", () => {
  const known = new PathError("is required").under("channel");
  expect(asPathError(known)).toBe(known);
  const failed = new RangeError("a getter failed");
  expect(asPathError(failed)).toMatchObject({ message: "a getter failed", cause: failed, path: "" });
  expect(asPathError("text")).toMatchObject({ message: "the request could not be read", cause: "text" });
});
