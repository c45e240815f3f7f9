// Stands in for the api.proto that you would copy from your server: the one that tscent comes with, and something more.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const tscent = dirname(createRequire(import.meta.url).resolve("tscent/package.json"));
const schema = readFileSync(join(tscent, "proto/centrifugal/centrifugo/api/api.proto"), "utf8");

/** What is added at the beginning of a service or message. */
const additions = {
  "service CentrifugoApi": `
  // Counts what was published to a channel.
  rpc ChannelStats(ChannelStatsRequest) returns (ChannelStatsResponse);
  // Counts the requests that the server took over HTTP. It is not for batches.
  rpc HTTPStats(HTTPStatsRequest) returns (HTTPStatsResponse);`,
  "message Command": "ChannelStatsRequest channel_stats = 1000;",
  "message Reply": "ChannelStatsResult channel_stats = 1000;",
  "message PublishRequest": "Priority priority = 1000;",
};

const messages = `
// How soon a publication is to be there.
enum Priority {
  PRIORITY_UNSPECIFIED = 0;
  PRIORITY_LOW = 1;
  PRIORITY_HIGH = 2;
}

message ChannelStatsRequest {
  // The channel.
  string channel = 1;
}

message ChannelStatsResponse {
  Error error = 1;
  ChannelStatsResult result = 2;
}

message ChannelStatsResult {
  // All publications.
  uint64 num_publications = 1;
  // Publications by user.
  map<string, uint64> by_user = 2;
}

message HTTPStatsRequest {}

message HTTPStatsResponse {
  Error error = 1;
  HTTPStatsResult result = 2;
}

message HTTPStatsResult {
  uint64 num_requests = 1;
}
`;

const newer = Object.entries(additions).reduce(
  (text, [head, added]) => text.replace(`${head} {`, (found) => `${found}\n  ${added}`),
  schema,
);
mkdirSync("proto", { recursive: true });
writeFileSync("proto/api.proto", newer + messages);
