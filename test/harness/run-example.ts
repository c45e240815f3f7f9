// Runs an example against an embedded server with the config.json of the README:
// node --conditions=tscent-source test/harness/run-example.ts <file> <http or grpc>
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { startTestServer } from "../../src/testing/index.ts";
import { embeddedWebSocket } from "./embedded-web-socket.ts";
import { quickStartConfig } from "./quick-start-config.ts";

const [file = "", transport = "http"] = process.argv.slice(2);
await using server = await startTestServer({ config: JSON.parse(quickStartConfig()) });
Object.assign(process.env, {
  CENT_TRANSPORT: transport,
  CENT_URL: transport === "grpc" ? server.grpcUrl : server.httpUrl,
  CENT_API_KEY: transport === "grpc" ? server.grpcApiKey : server.apiKey,
});
Object.assign(globalThis, { WebSocket: embeddedWebSocket(server) });
await import(pathToFileURL(resolve(file)).href);
