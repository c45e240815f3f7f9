import { inspect } from "node:util";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";
import { CentTransportError } from "../../src/errors/cent-error.ts";
import { hideSecret } from "../../src/errors/hide-secret.ts";

const secret = "s3cr3t-of-this-test";

/** All that a log can show of a value, at any depth. */
const seen = (value: unknown) => inspect(value, { depth: Infinity, showHidden: true, getters: true });

/** Hides the secret in an error, and checks that it is gone. */
function hidden<E extends Error>(error: E): E {
  expect(seen(error)).toContain(secret);
  hideSecret(error, secret);
  expect(seen(error)).not.toContain(secret);
  return error;
}

test("a secret is hidden in the headers of an error, which stay out of logs", () => {
  const headers = { "x-echo": `apikey ${secret}`, "x-other": "1" };
  const error = hidden(new CentTransportError("x", { headers }));
  expect(error.headers).toEqual({ "x-echo": "apikey (secret)", "x-other": "1" });
  expect(Object.keys(error)).not.toContain("headers");
  expect(headers["x-echo"]).toBe(`apikey ${secret}`);
});

test("a secret is hidden in metadata, in the bytes of details, and in their debug texts", () => {
  const value = Buffer.from(`you sent ${secret}, and ${secret}`);
  const metadata = new Headers({ "x-echo": secret, "x-other": "1" });
  const error = new ConnectError("x", Code.Internal, metadata);
  error.details = [{ type: "t", value, debug: { said: secret } }];
  hidden(error);
  expect([error.metadata.get("x-echo"), error.metadata.get("x-other")]).toEqual(["(secret)", "1"]);
  const [detail] = error.details as { value: Uint8Array }[];
  expect(Buffer.from(detail?.value ?? []).toString()).toBe(
    `you sent ${"*".repeat(19)}, and ${"*".repeat(19)}`,
  );
  expect(detail?.value.byteLength).toBe(value.byteLength);
  expect([value.includes(secret), metadata.get("x-echo")]).toEqual([true, secret]);
});

test("a secret is hidden in causes of any depth, in errors of an AggregateError, and in stacks", () => {
  let error: Error = new Error(secret);
  for (let depth = 0; depth < 20; depth++) error = new Error(`${depth}`, { cause: error });
  hidden(error);
  const several = hidden(new AggregateError([new Error(secret), [new Error(secret)]], `all: ${secret}`));
  expect(`${several.stack}`).not.toContain(secret);
  expect(`${several.stack}`).toContain("all: (secret)");
});

test("a secret is hidden in objects and arrays of an error, at any depth", () => {
  const response = { body: `you sent ${secret}`, list: [1, { deep: [secret] }], same: { n: 1 } };
  const error = hidden(Object.assign(new Error("x"), { response }));
  expect(error.response).toEqual({
    body: "you sent (secret)",
    list: [1, { deep: ["(secret)"] }],
    same: { n: 1 },
  });
});

test("an error gets a copy of the caller's object, which stays as it is", () => {
  const options = Object.freeze({ key: secret, list: Object.freeze([secret]) });
  const error = hidden(Object.assign(new Error("x"), { options, headers: new Headers({ a: secret }) }));
  expect(error.options).not.toBe(options);
  expect(options).toEqual({ key: secret, list: [secret] });
});

test("an error keeps an object that does not contain the secret", () => {
  const held = { object: { a: ["b"] }, headers: new Headers({ a: "b" }), bytes: Buffer.from("abc") };
  const error = Object.assign(new Error(secret), held);
  hideSecret(error, secret);
  for (const name of ["object", "headers", "bytes"] as const) expect(error[name]).toBe(held[name]);
});

test("a secret is hidden in cycles of causes and objects", () => {
  const [first, second] = [new Error(`1 ${secret}`), new Error(`2 ${secret}`)];
  first.cause = second;
  second.cause = first;
  const ring: Record<string, unknown> = { secret };
  ring.self = ring;
  Object.assign(first, { ring });
  hideSecret(first, secret);
  expect([first.message, second.message]).toEqual(["1 (secret)", "2 (secret)"]);
  expect((first as unknown as { ring: { secret: string } }).ring.secret).toBe("(secret)");
});

test("a key of six characters is hidden, and a shorter one is not", () => {
  const [six, five] = [new Error("who is abc123?"), new Error("who is abc12?")];
  hideSecret(six, "abc123");
  hideSecret(five, "abc12");
  expect([six.message, five.message]).toEqual(["who is (secret)?", "who is abc12?"]);
});

test("the name of the method is not hidden, also in objects of an error", () => {
  const error = Object.assign(new Error("publish"), { method: "publish", retry: { method: "publish" } });
  hideSecret(error, "publish");
  expect([error.message, error.method, error.retry.method]).toEqual(["(secret)", "publish", "publish"]);
});
