// The chat's answers to Centrifugo, which asks who connects, who may enter a room, and what may be said there.
import { createProxy, deny, expired } from "tscent/proxy";
import { userOf } from "./session.ts";

const rooms = ["chat:lobby", "chat:kitchen"];
const inAnHour = () => new Date(Date.now() + 3_600_000);

export const proxy = createProxy({
  secret: process.env.CENT_PROXY_SECRET,
  connect: (_request, { headers }) => {
    const user = userOf(headers);
    return user !== undefined && { user, info: { name: user }, expireAt: inAnHour() };
  },
  refresh: (_request, { headers }) => (userOf(headers) ? { expireAt: inAnHour() } : expired()),
  subscribe: {
    "chat:*": ({ channel }) => (rooms.includes(channel) ? {} : deny("no such room", { code: 404 })),
  },
  publish: {
    "chat:*": ({ user, channel, data }) => {
      const { text } = Object(data) as { text?: unknown };
      if (!rooms.includes(channel)) return deny("no such room", { code: 404 });
      if (typeof text !== "string") return deny("a message has a text", { code: 400 });
      return { data: { from: user, text: text.slice(0, 1_000) } };
    },
  },
});
