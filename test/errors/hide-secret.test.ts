import { describe, expect, test } from "vitest";
import { CentError } from "../../src/errors/cent-error.ts";
import { hideSecret, SentSecrets } from "../../src/errors/hide-secret.ts";

/** Keys that a key function gives one after another. */
const keys = (count: number) => Array.from({ length: count }, (_, n) => `${n}-`.padEnd(600, "token"));

describe("hideSecret", () => {
  test("hideSecret hides the secret in an error and its causes, but not in the method", () => {
    const cause = new Error("you sent publish-key");
    const error = new CentError("publish: publish-key is wrong", { method: "publish-key", cause });
    hideSecret(error, "publish-key");
    expect([error.message, cause.message]).toEqual(["publish: (secret) is wrong", "you sent (secret)"]);
    expect(error.method).toBe("publish-key");
  });

  test("hideSecret hides a secret that a text cuts short", () => {
    const error = new Error("you sent s3cr3t-of-t…");
    hideSecret(error, "s3cr3t-of-this-test");
    expect(error.message).toBe("you sent (secret)…");
  });
});

describe("SentSecrets", () => {
  test("SentSecrets hides the latest ten secrets", () => {
    const secrets = new SentSecrets();
    const sent = keys(20);
    for (const key of sent) secrets.add(`Bearer ${key}`);
    const error = new Error(`${sent[0]} ${sent[19]}`);
    secrets.hideIn(error);
    expect(error.message).toBe(`${sent[0]} (secret)`);
  });

  test("SentSecrets hides the secrets of an error in bounded time after thousands of keys", () => {
    const secrets = new SentSecrets();
    for (const key of keys(3_000)) secrets.add(`Bearer ${key}`);
    const errors = Array.from(
      { length: 100 },
      () => new Error(`${"x".repeat(200)}…`, { cause: new Error("…") }),
    );
    const started = performance.now();
    for (const error of errors) secrets.hideIn(error);
    // With all keys remembered and compared by their beginnings, each error took 700 ms.
    expect(performance.now() - started).toBeLessThan(1_000);
    expect(errors[0]?.message).toBe(`${"x".repeat(200)}…`);
  });
});
