import { describe, expect, test, vi } from "vitest";
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
    expect(error.stack).not.toContain("s3cr3t");
  });

  test("takes out six characters of a secret before a cut, and leaves five", () => {
    const error = new Error("s3cr3t… s3cr3… s3cr3t-of-this-tes…");
    hideSecret(error, "s3cr3t-of-this-test");
    expect(error.message).toBe("(secret)… s3cr3… (secret)…");
  });

  test("makes no stack trace of an error that does not show the secret", () => {
    const error = new Error("x");
    const { prepareStackTrace } = Error;
    const prepare = vi.fn(() => "stack");
    Error.prepareStackTrace = prepare;
    try {
      hideSecret(error, "s3cr3t-of-this-test");
      expect(prepare).not.toHaveBeenCalled();
      expect(error.stack).toBe("stack");
    } finally {
      if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
      else Error.prepareStackTrace = prepareStackTrace;
    }
  });

  test("sets no property without the secret, and passes by null and objects of a class", () => {
    const set = vi.fn();
    class Agent {
      readonly key = "s3cr3t-of-this-test";
    }
    const agent = new Agent();
    const error = Object.assign(new Error("x"), { held: { nothing: null, agent } });
    Object.defineProperty(error, "accessor", { get: () => 1, set, configurable: true });
    hideSecret(error, "s3cr3t-of-this-test");
    expect(set).not.toHaveBeenCalled();
    expect(error.held).toEqual({ nothing: null, agent });
    expect(error.held.agent).toBe(agent);
    expect(agent.key).toBe("s3cr3t-of-this-test");
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

  /** The keys that an error shows. */
  const shown = (secrets: SentSecrets, sent: readonly string[], authorization?: string) =>
    sent.filter((key) => {
      const error = new Error(key);
      secrets.hideIn(error, authorization);
      return error.message === key;
    });

  test("the latest ten are hidden, and a key that is sent again is the latest", () => {
    const secrets = new SentSecrets();
    const sent = keys(11);
    for (const key of sent.slice(0, 10)) secrets.add(`Bearer ${key}`);
    expect(shown(secrets, sent)).toEqual([sent[10]]);
    secrets.add(`Bearer ${sent[0]}`);
    secrets.add(`Bearer ${sent[10]}`);
    secrets.add(undefined);
    expect(shown(secrets, sent)).toEqual([sent[1]]);
  });

  test("the key of the error's own request is hidden besides", () => {
    const secrets = new SentSecrets();
    const sent = keys(12);
    for (const key of sent) secrets.add(`Bearer ${key}`);
    expect(shown(secrets, sent)).toEqual(sent.slice(0, 2));
    expect(shown(secrets, sent, `Bearer ${sent[0]}`)).toEqual([sent[1]]);
    expect(shown(secrets, sent, `Bearer ${sent[11]}`)).toEqual(sent.slice(0, 2));
    expect(shown(secrets, sent, `Bearer ${sent[5]}`)).toEqual(sent.slice(0, 2));
  });

  test("the own key of a request takes one pass more over the error, unless it is known", () => {
    const secrets = new SentSecrets();
    secrets.add("Bearer latest-key");
    secrets.add("Bearer older-key");
    secrets.add("Bearer latest-key");
    const passes = (authorization?: string) => {
      let count = 0;
      const error = new Proxy(new Error("x"), {
        ownKeys: (target) => {
          count++;
          return Reflect.ownKeys(target);
        },
      });
      secrets.hideIn(error, authorization);
      return count;
    };
    expect([undefined, "Bearer latest-key", "Bearer older-key", "Bearer other-key"].map(passes)).toEqual([
      2, 2, 2, 3,
    ]);
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
