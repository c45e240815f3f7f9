// A chat on Hono. Tokens let users connect and enter rooms; Centrifugo asks this server about each message.
// `node chat.ts --config` prints the part of Centrifugo's config.json that verifies the tokens and makes it ask.
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { createProxy, deny } from "tscent/proxy";
import { createTokens } from "tscent/token";

const { HOST = "127.0.0.1", PORT = "3000", APP_URL = `http://localhost:${PORT}` } = process.env;

/** The users who are signed in, by session. An application has its own sign-in. */
const sessions = new Map<string, string>();
const rooms = ["chat:lobby", "chat:kitchen"];

const tokens = createTokens({ hmac: process.env.CENT_TOKEN_SECRET });
const giveToken = (user: string | undefined) =>
  tokens.endpoint({
    user: () => user,
    connection: () => ({ info: { name: user } }),
    subscription: ({ channel }) => rooms.includes(channel),
  });

const proxy = createProxy({
  secret: process.env.CENT_PROXY_SECRET,
  publish: {
    "chat:*": ({ user, channel, data }) => {
      const text = textOf(data);
      if (!rooms.includes(channel)) return deny("no such room", { code: 404 });
      return text === "" ? deny("a message has a text", { code: 400 }) : { data: { from: user, text } };
    },
  },
});

/** The text of a client's message, or nothing: a client can send any data. */
function textOf(data: unknown): string {
  const { text } = Object(data) as { text?: unknown };
  return typeof text === "string" ? text.trim().slice(0, 1_000) : "";
}

const app = new Hono();
app.post("/centrifugo/:event", (context) => proxy.fetch(context.req.raw));
app.post("/token", (context) => {
  const session = getCookie(context, "session");
  return giveToken(session && sessions.get(session))(context.req.raw);
});
app.post("/login", async (context) => {
  const session = randomUUID();
  const { name } = await context.req.json<{ name: string }>();
  sessions.set(session, String(name));
  setCookie(context, "session", session, { httpOnly: true, sameSite: "Lax" });
  return context.body(null, 204);
});

if (process.argv.includes("--config")) {
  const config = { ...(await tokens.config()), ...proxy.config({ url: `${APP_URL}/centrifugo` }) };
  console.log(JSON.stringify(config, null, 2));
} else {
  const options = { fetch: app.fetch, hostname: HOST, port: Number(PORT) };
  const server = serve(options, () => console.log(`the chat is at ${APP_URL}`)) as Server;
  server.keepAliveTimeout = 0; // Centrifugo keeps its connections, so this server must not close them
  process.once("SIGTERM", () => server.close());
}
