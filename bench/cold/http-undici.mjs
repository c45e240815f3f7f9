import { Pool } from "undici";
import { publication, server } from "./cpu.mjs";

const { origin, pathname } = new URL(server.httpUrl);
const pool = new Pool(origin, { connections: 64 });
const reply = await pool.request({
  path: `${pathname}/publish`,
  method: "POST",
  headers: { "content-type": "application/json", "x-api-key": server.apiKey },
  body: JSON.stringify(publication),
});
const { result } = JSON.parse(await reply.body.text());
if (result === undefined) throw new Error("not published");
await pool.close();
