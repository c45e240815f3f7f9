// The embedded server in a process of its own. It ends when the benchmark closes the channel to it.
import { startTestServer } from "tscent/testing";
import { benchConfig } from "./server.ts";

const server = await startTestServer({
  config: { ...benchConfig, http_api: { key: "api_key" }, grpc_api: { key: "api_key" } },
});
const { httpUrl, grpcUrl, apiKey } = server;
// The server does not record the calls: a benchmark makes millions of them and reads none.
setInterval(() => server.clearCalls(), 1_000).unref();
process.send?.({ httpUrl, grpcUrl, apiKey });
process.once("disconnect", () => server.close());
