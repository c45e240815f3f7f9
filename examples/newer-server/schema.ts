// Writes tscent's api.proto with additions, in place of the api.proto that you would copy from your server.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const tscent = dirname(createRequire(import.meta.url).resolve("tscent/package.json"));
const schema = readFileSync(join(tscent, "proto/centrifugal/centrifugo/api/api.proto"), "utf8");

/** Text to add at the beginning of a service or message. */
const additions = {
  "service CentrifugoApi": `
  // Counts the publications of a channel.
  rpc ChannelStats(ChannelStatsRequest) returns (ChannelStatsResponse);
  // Counts the requests that the server received over HTTP. Not available in batches.
  rpc HTTPStats(HTTPStatsRequest) returns (HTTPStatsResponse);`,
  "message Command": "ChannelStatsRequest channel_stats = 1000;",
  "message Reply": "ChannelStatsResult channel_stats = 1000;",
  "message PublishRequest": "Priority priority = 1000;",
};

const messages = `
// Priority of a publication.
enum Priority {
  PRIORITY_UNSPECIFIED = 0;
  PRIORITY_LOW = 1;
  PRIORITY_HIGH = 2;
}

message ChannelStatsRequest {
  // Channel to count in.
  string channel = 1;
}

message ChannelStatsResponse {
  Error error = 1;
  ChannelStatsResult result = 2;
}

message ChannelStatsResult {
  // Number of all publications.
  uint64 num_publications = 1;
  // Number of publications by user.
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
