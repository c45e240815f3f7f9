import { expect, test, vi } from "vitest";
import { hideSecret } from "../../src/errors/hide-secret.ts";
import { Code, ConnectError } from "../../src/limits/connect-error.ts";

const secret = "s3cr3t-of-this-test";

test("a secret is hidden in the metadata of our ConnectError, which are made on demand", () => {
  const error = new ConnectError("x", Code.Internal, { "x-echo": secret });
  hideSecret(error, secret);
  expect(error.metadata.get("x-echo")).toBe("(secret)");
});

test.each([
  ["a ConnectError", new ConnectError("x", Code.Internal), "response"],
  ["another error", new Error("x"), "response"],
  ["another error", new Error("x"), "metadata"],
])("hideSecret leaves the getter of %s alone, which may do work, %#", (_of, error, name) => {
  const get = vi.fn(() => secret);
  Object.defineProperty(error, name, { get, configurable: true });
  hideSecret(error, secret);
  expect(get).not.toHaveBeenCalled();
});

test("a secret that the message cuts short is hidden in a stack that a logger has read", () => {
  const error = new Error("you sent s3cr3t-of-t…");
  expect(error.stack).toContain("s3cr3t");
  hideSecret(error, secret);
  expect(error.stack).not.toContain("s3cr3t");
});
