import type { RequestListener } from "node:http";
import { createServer } from "node:http";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { createClient } from "../../src/index.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import { listen } from "../harness/listening-server.ts";
import { setUpOtel } from "../harness/otel-set-up.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import { transports, whyNotReal } from "./servers.ts";

// The real server exports its spans to a collector of this test.

const obstacle = whyNotReal("a configuration of its own");
const title = `the spans of a real Centrifugo${obstacle && ` (skipped: ${obstacle})`}`;
const api = "centrifugal.centrifugo.api.CentrifugoApi";

describe.skipIf(obstacle !== "")(title, () => {
  let collector: ListeningServer;
  let server: UnchangedCentrifugo;
  let exported = "";

  beforeAll(async () => {
    const receive: RequestListener = (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        if (request.url === "/v1/traces") exported += Buffer.concat(chunks).toString("hex");
        response.writeHead(200, { "content-type": "application/x-protobuf" }).end();
      });
    };
    collector = await listen(createServer(receive));
    const { location } = inject("realServer");
    if (location === undefined || !("binary" in location)) throw new Error("there is no binary to start");
    const config = {
      http_api: { key: "api_key" },
      grpc_api: { enabled: true, key: "api_key" },
      opentelemetry: { enabled: true, api: true },
    };
    server = await startCentrifugoUnchanged(location.binary, JSON.stringify(config), {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
      OTEL_BSP_SCHEDULE_DELAY: "50",
    });
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await collector[Symbol.asyncDispose]();
  });

  test.each(transports)("Centrifugo's spans over %s are children of the client's", async (transport) => {
    await using otel = setUpOtel();
    const url = transport === "http" ? server.httpUrl : server.grpcUrl;
    const cent = createClient({ transport, url, apiKey: "api_key", batching: true });
    await cent.publish({ channel: "alone", data: 1 });
    await Promise.all(["a", "b"].map((channel) => cent.publish({ channel, data: 1 })));
    await cent.close();
    const alone = otel
      .spans()
      .find(({ name, parentSpanContext }) => name === `${api}/Publish` && !parentSpanContext);
    for (const span of [alone, otel.spanOf(`${api}/Batch`)]) {
      const { traceId, spanId } = span?.spanContext() ?? expect.fail("there is no span");
      // The fields trace_id and parent_span_id of OTLP's Span.
      await expect.poll(() => exported, { timeout: 5_000 }).toContain(`0a10${traceId}`);
      expect(exported).toContain(`2208${spanId}`);
    }
  });
});
