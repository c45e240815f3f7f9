import { createServer } from "node:net";
import { expect, test } from "vitest";
import type { Reply } from "./answering-server.ts";
import { serverThat } from "./answering-server.ts";
import { runCommand } from "./run-command.ts";

const key = "a-key-that-nobody-may-see";

test.each<[title: string, code: number, said: RegExp, reply: Reply]>([
  ["a status without an API error", 8, /^tscent: info: HTTP 500: no$/, { status: 500, body: "no" }],
  [
    "a reply that is not JSON",
    9,
    /^tscent: info: in the reply, expected an object/,
    { status: 200, body: "<html>" },
  ],
  ["a reply without a result", 9, /^tscent: info: [^\n]+result/, { status: 200, body: "{}" }],
  [
    "an unknown API error",
    3,
    /^tscent: info: odd \(4711\)/,
    { status: 200, body: '{"error":{"code":4711,"message":"odd"}}' },
  ],
])("%s ends a command with exit code %i and one line", async (_title, expected, said, reply) => {
  await using server = await serverThat(() => reply);
  const { code, out, complaint } = await runCommand(["info", "--url", server.url], { CENT_API_KEY: key });
  expect([code, out]).toEqual([expected, ""]);
  expect(complaint.trimEnd()).toMatch(said);
  expect(complaint.trimEnd()).not.toContain("\n");
});

test("a server that dies in the middle of its reply ends a command with exit code 4", async () => {
  const server = createServer((socket) => {
    socket
      .on("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"))
      .on("error", () => {});
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as { port: number };
  const args = ["publish", "chat", "1", "--json", `--url=http://127.0.0.1:${port}/api`];
  const { code, out, complaint } = await runCommand(args, { CENT_API_KEY: key });
  server.close();
  expect([code, out]).toEqual([4, ""]);
  expect(JSON.parse(complaint)).toMatchObject({ name: "CentNetworkError", maybeExecuted: true });
});

test("no key shows in the words of a server that repeats it", async () => {
  await using server = await serverThat((_path, authorization) => ({ status: 502, body: authorization }));
  for (const more of [[], ["--json"]]) {
    const { complaint } = await runCommand(["publish", "chat", "1", "--url", server.url, ...more], {
      CENT_API_KEY: key,
    });
    expect(complaint).toContain("HTTP 502");
    expect(complaint).not.toContain(key);
  }
});
