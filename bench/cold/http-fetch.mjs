import { publication, server } from "./cpu.mjs";

const reply = await fetch(`${server.httpUrl}/publish`, {
  method: "POST",
  headers: { "content-type": "application/json", "x-api-key": server.apiKey },
  body: JSON.stringify(publication),
});
const { result } = await reply.json();
if (result === undefined) throw new Error("not published");
