// A chat on Express. Centrifugo asks this server who connects, who may enter a room, and what may be said there.
// `node chat.ts --config` prints the part of Centrifugo's config.json that makes it ask.
import { randomUUID } from "node:crypto";
import express from "express";
import { createProxy, deny, expired } from "tscent/proxy";

const { HOST = "127.0.0.1", PORT = "3000", APP_URL = `http://localhost:${PORT}` } = process.env;

/** The users who are signed in, by session. An application has its own sign-in. */
const sessions = new Map<string, string>();
const topics = new Map([
  ["chat:lobby", "anything"],
  ["chat:kitchen", "recipes"],
]);

function userOf(headers: Headers): string | undefined {
  const [, session = ""] = /\bsession=([\w-]+)/.exec(headers.get("cookie") ?? "") ?? [];
  return sessions.get(session);
}

const inAnHour = () => new Date(Date.now() + 3_600_000);

const proxy = createProxy({
  secret: process.env.CENT_PROXY_SECRET,
  connect: (_request, { headers }) => {
    const user = userOf(headers);
    return user !== undefined && { user, info: { name: user }, expireAt: inAnHour() };
  },
  // After an hour, a user who has signed out meanwhile is disconnected.
  refresh: (_request, { headers }) => (userOf(headers) ? { expireAt: inAnHour() } : expired()),
  subscribe: {
    "chat:*": ({ channel }) => {
      const topic = topics.get(channel);
      return topic === undefined ? deny("no such room", { code: 404 }) : { data: { topic } };
    },
  },
  publish: {
    "chat:*": ({ user, channel, data }) => {
      const text = textOf(data);
      if (!topics.has(channel)) return deny("no such room", { code: 404 });
      return text === "" ? deny("a message has a text", { code: 400 }) : { data: { from: user, text } };
    },
  },
  rpc: { rooms: () => ({ data: [...topics.keys()] }) },
});

/** The text of a client's message, or nothing: a client can send any data. */
function textOf(data: unknown): string {
  const { text } = Object(data) as { text?: unknown };
  return typeof text === "string" ? text.trim().slice(0, 1_000) : "";
}

const app = express();
app.use("/centrifugo", proxy.node); // before the parser of bodies
app.use(express.json());
app.post("/login", (request, response) => {
  const session = randomUUID();
  sessions.set(session, String(request.body.name));
  response.cookie("session", session, { httpOnly: true, sameSite: "lax" }).sendStatus(204);
});

if (process.argv.includes("--config")) {
  const config = proxy.config({ url: `${APP_URL}/centrifugo`, httpHeaders: ["Cookie"] });
  console.log(JSON.stringify(config, null, 2));
} else {
  const server = app.listen(Number(PORT), HOST, () => console.log(`the chat is at ${APP_URL}`));
  server.keepAliveTimeout = 0; // Centrifugo keeps its connections, so this server must not close them
  process.once("SIGTERM", () => server.close());
}
