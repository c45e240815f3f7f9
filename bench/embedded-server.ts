// The embedded server as a process of its own; it ends when the benchmark lets go of it.
import { startTestServer } from "tscent/testing";
import { benchConfig } from "./server.ts";

const server = await startTestServer({
  config: { ...benchConfig, http_api: { key: "api_key" }, grpc_api: { key: "api_key" } },
});
const { httpUrl, grpcUrl, apiKey } = server;
// A benchmark makes millions of calls, and nobody looks at them.
setInterval(() => server.clearCalls(), 1_000).unref();
process.send?.({ httpUrl, grpcUrl, apiKey });
process.once("disconnect", () => server.close());
