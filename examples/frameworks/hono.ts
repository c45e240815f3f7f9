import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { configFromEnv, createClient } from "tscent";

const cent = createClient(configFromEnv());
const app = new Hono();

app.post("/rooms/:room/messages", async (context) => {
  await cent.publish({ channel: `room_${context.req.param("room")}`, data: await context.req.json() });
  return context.body(null, 204);
});

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) });
process.once("SIGTERM", () => server.close(() => cent.close()));
