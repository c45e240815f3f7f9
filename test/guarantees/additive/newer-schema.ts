import { readFileSync } from "node:fs";

/** Additions to an api.proto: RPCs, fields of existing messages, and new messages. */
export interface Additions {
  readonly rpcs: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly messages: string;
}

/** The project's api.proto with additions, as a newer Centrifugo might have them. */
export function withAdditions({ rpcs, fields, messages }: Additions): string {
  let proto = readFileSync("proto/centrifugal/centrifugo/api/api.proto", "utf8");
  for (const [message, added] of Object.entries(fields)) {
    proto = replaceOnce(proto, new RegExp(`^message ${message} \\{(\\}?)`, "m"), (_, empty) =>
      empty === "" ? `message ${message} {\n${added}` : `message ${message} {\n${added}\n}`,
    );
  }
  proto = replaceOnce(proto, /^service CentrifugoApi \{/m, (start) => `${start}\n${rpcs}`);
  return `${proto}\n${messages}`;
}

function replaceOnce(text: string, pattern: RegExp, replacement: (...match: string[]) => string): string {
  const replaced = text.replace(pattern, replacement);
  if (replaced === text) throw new Error(`the schema has no ${pattern}`);
  return replaced;
}

/** Compatible additions: they break no client and no server. */
export const additions: Additions = {
  rpcs: `
    rpc Ping(PingRequest) returns (PingResponse) {}
    rpc Archive(ArchiveRequest) returns (ArchiveResponse) {}
    rpc HTTPStats(HTTPStatsRequest) returns (HTTPStatsResponse) {}
    rpc MarkRead(MarkRequest) returns (MarkResponse) {}
    rpc MarkUnread(MarkRequest) returns (MarkResponse) {}
    rpc Shapes(ShapesRequest) returns (ShapesResponse) {}
    rpc GetURLMap(GetURLMapRequest) returns (GetURLMapResponse) {}
    rpc Health(HealthRequest) returns (HealthResponse) { option deprecated = true; }
    rpc Watch(PingRequest) returns (stream PingResponse) {}`,
  fields: {
    Command: `
      PingRequest ping = 1001;
      ArchiveRequest archive = 1002;
      HTTPStatsRequest http_stats = 1003;
      MarkRequest mark_read = 1004;
      MarkRequest mark_unread = 1005;
      ShapesRequest shapes = 1006;
      string trace = 1007;`,
    Reply: `
      PingResult ping = 1001;
      ArchiveResult archive = 1002;
      HTTPStatsResult http_stats = 1003;
      MarkResult mark_read = 1004;
      MarkResult mark_unread = 1005;
      ShapesResult shapes = 1006;`,
    PublishRequest: "string priority = 1001; bytes preview = 1002; string b64preview = 1003;",
    PublishResult: "uint64 stored_at = 1001;",
    RPCRequest: "string b64params = 1001;",
    HistoryResult: "bytes meta = 1001;",
    BatchRequest: "string trace = 1001;",
  },
  messages: `
    message PingRequest { string text = 1; }
    message PingResponse { Error error = 1; PingResult result = 2; }
    message PingResult { string text = 1; }

    message ArchiveRequest {
      string channel = 1;
      bytes data = 2;
      string b64data = 3;
      uint64 version = 4;
      sint64 shift = 5;
      repeated int64 positions = 6;
    }
    message ArchiveResponse { Error error = 1; ArchiveResult result = 2; }
    message ArchiveResult { uint64 offset = 1; bytes data = 2; repeated fixed64 positions = 3; }

    message HTTPStatsRequest {}
    message HTTPStatsResponse { Error error = 1; HTTPStatsResult result = 2; }
    message HTTPStatsResult { map<string, RouteStats> routes = 1; map<int32, uint64> by_status = 2; }
    message RouteStats { uint64 count = 1; double mean_ms = 2; }

    message MarkRequest { string channel = 1; uint64 offset = 2; }
    message MarkResponse { Error error = 1; MarkResult result = 2; }
    message MarkResult { bool changed = 1; }

    enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 5; }
    message ShapesRequest {
      message Point { int32 x = 1; int32 y = 2; Inner inner = 3; message Inner { bytes note = 1; } }
      enum Fill { FILL_UNSPECIFIED = 0; FILL_SOLID = 1; }
      Point origin = 1;
      repeated Point points = 2;
      map<string, Point> named = 3;
      Color color = 4;
      repeated Color palette = 5;
      Fill fill = 6;
      repeated bytes parts = 7;
      map<string, bytes> attachments = 8;
      oneof size { uint64 area = 9; Point extent = 10; bytes custom = 11; string label = 12; }
      optional string title = 13;
      optional uint64 limit = 14;
      optional bool visible = 15;
      optional Color border = 16;
      optional bytes extra = 17;
      float ratio = 18;
      BoolValue maybe = 19;
      repeated CountValue counts = 20;
    }
    message CountValue { uint64 value = 1; }
    message ShapesResponse { Error error = 1; ShapesResult result = 2; }
    message ShapesResult {
      ShapesRequest.Point origin = 1;
      repeated ShapesRequest.Point points = 2;
      map<string, ShapesRequest.Point> named = 3;
      Color color = 4;
      repeated Color palette = 5;
      repeated bytes parts = 6;
      map<string, bytes> attachments = 7;
      oneof size { uint64 area = 8; ShapesRequest.Point extent = 9; bytes custom = 10; string label = 11; }
      optional string title = 12;
      optional uint64 limit = 13;
      optional Color border = 14;
      repeated ShapesResponse each = 15;
    }

    message GetURLMapRequest { string prefix = 1; bytes data = 2; }
    message GetURLMapResponse { Error error = 1; GetURLMapResult result = 2; }
    message GetURLMapResult { map<string, string> urls = 1; bytes data = 2; }

    message HealthRequest {}
    message HealthResponse { Error error = 1; string status = 2; uint64 uptime = 3; }`,
};
