import { createClient } from "tscent";
import { publication, server } from "./cpu.mjs";

const cent = createClient({ transport: "http", url: server.httpUrl, apiKey: server.apiKey });
await cent.publish(publication);
await cent.close();
