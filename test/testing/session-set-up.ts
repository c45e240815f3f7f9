import type { CentrifugoConfig } from "../../src/testing/index.ts";
import { createTestClient } from "../../src/testing/index.ts";
import { FakeClock } from "../harness/fake-clock.ts";

const config: CentrifugoConfig = {
  channel: {
    without_namespace: { presence: true },
    namespaces: [
      { name: "quiet" },
      { name: "loud", presence: true, join_leave: true, force_push_join_leave: true },
      { name: "kept", history_size: 3, history_ttl: "60s", force_recovery: true },
      { name: "map", subscription_type: "map", map: { mode: "persistent" } },
    ],
  },
};

/** A client, its server with namespaces for connected clients, and its clock. */
export function setUp() {
  const clock = new FakeClock();
  return { clock, ...createTestClient({ config, clock }) };
}
