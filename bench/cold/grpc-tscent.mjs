import { createClient } from "tscent";
import { publication, server } from "./cpu.mjs";

const cent = createClient({ transport: "grpc", url: server.grpcUrl, apiKey: server.apiKey });
await cent.publish(publication);
await cent.close();
