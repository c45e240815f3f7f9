import { fork } from "node:child_process"; import { once } from "node:events"; import { Pool } from "undici";
const name = process.argv[2]!;
const child = fork(new URL("bench/proxy/server.ts", import.meta.url), [name], { execArgv: ["--cpu-prof", "--cpu-prof-dir=/tmp/proxywork/prof", "--cpu-prof-interval=200"] });
const [port] = await once(child, "message") as [number];
const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
const body = JSON.stringify({ client: "c9b97f8c-2695-462f-ab2f-e62ddf26e290", transport: "websocket", protocol: "json", encoding: "json", user: "42", channel: "chat:room", data: { text: "Hello, how are you? This is a message of some length." } });
let left = 40000;
await Promise.all(Array.from({ length: 64 }, async () => { while (left-- > 0) { const r = await pool.request({ path: "/centrifugo/publish", method: "POST", headers: { "content-type": "application/json", "x-centrifugo-secret": "a-secret-of-some-length" }, body }); await r.body.text(); } }));
child.kill("SIGINT"); await once(child, "exit"); process.exit(0);
