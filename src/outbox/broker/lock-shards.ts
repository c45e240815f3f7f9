import type { SqlQuery } from "../sql-query.ts";
import type { BrokerCall } from "./broker-requests.ts";

/**
 * Makes the queries that lock the shards of the calls' channels, in the order of the shards' numbers: none for a single
 * channel. The order of the channels' names would not do. Names in order can have shards out of order, and two transactions
 * that lock two shards in opposite orders wait for each other until PostgreSQL ends one of them.
 */
export function lockShards(calls: readonly BrokerCall[], nameOf: (name: string) => string): SqlQuery[] {
  const locking = calls.filter(([method]) => method !== "stream_top_position");
  const channels = (broker: string) =>
    new Set(locking.filter(([method]) => method.startsWith(broker)).map(([, { channel }]) => channel));
  const [streams, maps] = [channels("stream"), channels("map")];
  if (streams.size + maps.size < 2) return [];
  return [
    ...lockQuery(nameOf("stream_shard_lock"), [...streams]),
    ...lockQuery(nameOf("map_shard_lock"), [...maps]),
  ];
}

function lockQuery(table: string, channels: string[]): SqlQuery[] {
  if (channels.length === 0) return [];
  const places = channels.map((_, index) => `($${index + 1}::text)`).join(", ");
  // The SQL functions find the shard of a channel in the same way.
  const shards = `select abs(hashtext(channel)::bigint) % (select count(*) from ${table}) from (values ${places}) as given (channel)`;
  return [
    {
      text: `select shard_id from ${table} where shard_id in (${shards}) order by shard_id for update`,
      values: channels,
    },
  ];
}
