// Serves the routes of examples/next as Next.js does, without Next.js.
import { serve } from "@hono/node-server";
import { POST as answerCentrifugo } from "../../examples/next/app/centrifugo/[event]/route.ts";
import { POST as logIn } from "../../examples/next/app/login/route.ts";

const { PORT, APP_URL } = process.env;
const fetch = (request: Request) =>
  new URL(request.url).pathname === "/login" ? logIn(request) : answerCentrifugo(request);
serve({ fetch, hostname: "127.0.0.1", port: Number(PORT) }, () => console.log(`the chat is at ${APP_URL}`));
