import { globSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import type { Chat } from "../harness/chat-programs.ts";
import { chats, chatTokenSecret, startChat } from "../harness/chat-programs.ts";

// test/conformance/chats.test.ts runs the same chats with a real Centrifugo. Here the test asks as Centrifugo does.

/** Sends a request of Centrifugo, with the headers of the printed configuration and the cookie of a client. */
async function ask({ url, config }: Chat, event: string, request: object, cookie = ""): Promise<unknown> {
  const secret = config.channel.proxy.publish.http.static_headers;
  const headers = { "content-type": "application/json", ...secret, cookie };
  const method = "POST";
  const response = await fetch(`${url}/centrifugo/${event}`, {
    method,
    headers,
    body: JSON.stringify(request),
  });
  return response.json();
}

const client = { client: "c", transport: "websocket", protocol: "json", encoding: "json" };
const error = (code: number, message: string) => ({ error: { code, message } });

test("each chat has fewer than 80 lines", () => {
  const files = Object.keys(chats).map((name) => globSync(`examples/${name}/**/*.ts`));
  expect(files.every((some) => some.length > 0)).toBe(true);
  const lines = files.map(
    (some) => some.flatMap((file) => readFileSync(file, "utf8").trim().split("\n")).length,
  );
  expect(lines.filter((count) => count >= 80)).toEqual([]);
});

describe.each(["express", "hono", "next"] as const)("examples/%s", (name) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await startChat(name);
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  test("a message is published with the name of its author", async () => {
    const message = { ...client, user: "ann", channel: "chat:lobby", data: { text: "hi", from: "bob" } };
    expect(await ask(chat, "publish", message)).toEqual({ result: { data: { from: "ann", text: "hi" } } });
  });

  test("a message without text, and one for an unknown room, are refused", async () => {
    const message = { ...client, user: "ann", channel: "chat:lobby", data: [1] };
    expect(await ask(chat, "publish", message)).toEqual(error(400, "a message has a text"));
    const elsewhere = { ...message, channel: "chat:attic" };
    expect(await ask(chat, "publish", elsewhere)).toEqual(error(404, "no such room"));
  });

  test("a request without the secret gets status 401", async () => {
    const response = await fetch(`${chat.url}/centrifugo/publish`, { method: "POST", body: "{}" });
    expect([response.status, await response.text()]).toEqual([401, ""]);
  });
});

describe.each(["express", "next"] as const)("examples/%s without tokens", (name) => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await startChat(name);
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  test("a user who is signed in connects, and nobody else does", async () => {
    const cookie = await chat.logIn("ann");
    expect(await ask(chat, "connect", client, cookie)).toMatchObject({
      result: { user: "ann", info: { name: "ann" }, expire_at: expect.any(Number) },
    });
    const forged = `${cookie.slice(0, -3)}xyz`;
    for (const other of ["", "session=nobody", forged])
      expect(await ask(chat, "connect", client, other)).toEqual(error(403, "permission denied"));
  });

  test("a connection goes on while its user is signed in", async () => {
    const cookie = await chat.logIn("ann");
    const connection = { ...client, user: "ann" };
    expect(await ask(chat, "refresh", connection, cookie)).toMatchObject({
      result: { expire_at: expect.any(Number) },
    });
    expect(await ask(chat, "refresh", connection)).toEqual({ result: { expired: true } });
  });

  test("a client subscribes to the rooms that exist", async () => {
    const wish = { ...client, user: "ann", channel: "chat:lobby" };
    expect(await ask(chat, "subscribe", wish)).toHaveProperty("result");
    expect(await ask(chat, "subscribe", { ...wish, channel: "chat:attic" })).toEqual(
      error(404, "no such room"),
    );
  });
});

describe("examples/hono with tokens", () => {
  let chat: Chat;
  beforeAll(async () => {
    chat = await startChat("hono");
  });
  afterAll(() => chat[Symbol.asyncDispose]());

  const tokenFor = async (cookie: string, channel?: string) => {
    const request = { method: "POST", headers: { cookie }, body: JSON.stringify({ channel }) };
    const response = await fetch(`${chat.url}/token`, request);
    if (!response.ok) return response.status;
    const { token } = (await response.json()) as { token: string };
    return createTokens({ hmac: chatTokenSecret }).verify(token);
  };

  test("a user who is signed in gets tokens for the connection and for rooms that exist", async () => {
    const cookie = await chat.logIn("ann");
    expect(await tokenFor(cookie)).toMatchObject({ sub: "ann", info: { name: "ann" } });
    expect(await tokenFor(cookie, "chat:lobby")).toMatchObject({ sub: "ann", channel: "chat:lobby" });
    expect(await tokenFor(cookie, "chat:attic")).toBe(403);
    expect(await tokenFor("session=nobody")).toBe(403);
  });
});
