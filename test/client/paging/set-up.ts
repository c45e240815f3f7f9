import type { CentClient, Pages } from "../../../src/index.ts";
import { createTestClient } from "../../../src/testing/index.ts";

export const config = {
  http_api: { key: "api_key" },
  grpc_api: { enabled: true, key: "api_key" },
  channel: {
    without_namespace: { history_size: 100, history_ttl: "300s" },
    namespaces: [
      { name: "short", history_size: 5, history_ttl: "300s" },
      { name: "board", subscription_type: "map", map: { mode: "persistent", stream_size: 100 } },
      { name: "tight", subscription_type: "map", map: { mode: "persistent", stream_size: 3 } },
      { name: "brief", subscription_type: "map", map: { mode: "ephemeral", key_ttl: "300s" } },
    ],
  },
};

/** A client of a server with short and long streams. */
export const setUp = () => createTestClient({ config });

/** Publishes 1 to `count` to a channel. */
export async function publish(cent: CentClient, channel: string, count: number): Promise<void> {
  for (let data = 1; data <= count; data++) await cent.publish({ channel, data });
}

/** Sets the keys `k1`, `k2` … of a map. */
export async function setKeys(cent: CentClient, channel: string, count: number): Promise<void> {
  for (let data = 1; data <= count; data++) await cent.mapPublish({ channel, key: `k${data}`, data });
}

/** The offsets of each page. */
export async function offsetsOf(
  pages: Pages<object, { offset: number | bigint }>,
  list: string,
): Promise<unknown[]> {
  const all = [];
  for await (const page of pages) {
    const items = Reflect.get(page, list) as { offset: number | bigint }[];
    all.push(items.map(({ offset }) => offset));
  }
  return all;
}
