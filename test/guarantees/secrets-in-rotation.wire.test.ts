import { describe, expect, test } from "vitest";
import { createClient } from "../../src/index.ts";
import { rejection } from "../harness/expected-error.ts";
import { ofHttp } from "../harness/misbehaving-server.ts";

const count = 30;
const key = (n: number) => `rotated-secret-${n}-end`;

/** A server that waits for all calls, then answers each with its key. */
function repeating(status: number, body: (key: string) => string) {
  const answers: (() => void)[] = [];
  return ofHttp((request, response) => {
    answers.push(() => response.writeHead(status).end(body(`${request.headers.authorization}`)));
    if (answers.length === count) for (const answer of answers) answer();
  });
}

describe("rotated keys", () => {
  test.each([
    ["of a status", 403, (sent: string) => sent],
    ["of Centrifugo", 200, (sent: string) => JSON.stringify({ error: { code: 107, message: sent } })],
    ["of a reply that cannot be read", 200, (sent: string) => JSON.stringify({ result: { offset: sent } })],
  ])(
    "the error %s hides the key of its call, though other calls got newer keys",
    async (_title, status, body) => {
      await using server = await repeating(status, body)();
      let asked = 0;
      await using cent = createClient({
        url: `http://127.0.0.1:${server.port}/api`,
        apiKey: () => key(asked++),
        retry: false,
      });
      const calls = Array.from({ length: count }, () =>
        rejection(cent.publish({ channel: "chat", data: 1 })),
      );
      for (const error of await Promise.all(calls)) {
        expect(String(error)).not.toContain("rotated-secret");
        expect(String(error)).toContain("(secret)");
      }
    },
  );
});
