import type { CentrifugoConfig } from "../../src/testing/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { FakeClock } from "../harness/fake-clock.ts";

const config: CentrifugoConfig = {
  shared_poll: { hmac_secret_key: "secret" },
  channel: {
    proxy: { shared_poll_refresh: { endpoint: "http://127.0.0.1:1/" } },
    namespaces: [
      { name: "re", subscription_type: "map", map: { mode: "recoverable", key_ttl: "30s", stream_size: 4 } },
      { name: "long", subscription_type: "map", map: { mode: "recoverable", key_ttl: "300s" } },
      { name: "pe", subscription_type: "map", map: { mode: "persistent" } },
      { name: "ep", subscription_type: "map", map: { mode: "ephemeral", key_ttl: "5s" } },
      // Contradictions that the server finds only when a map is used.
      { name: "late", subscription_type: "map", map: { mode: "persistent", meta_ttl: "600s" } },
      {
        name: "later",
        subscription_type: "map",
        map: { mode: "recoverable", key_ttl: "300s", meta_ttl: "60s" },
      },
      {
        name: "poll",
        subscription_type: "shared_poll",
        shared_poll: { mode: "versioned", publish_enabled: true },
      },
    ],
  },
};

/** A client, its server with map namespaces of every mode, and its clock. */
export function setUp() {
  const clock = new FakeClock();
  return { clock, ...createTestClient({ config, clock }) };
}
