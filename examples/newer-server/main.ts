// Calls methods that tscent does not know, over both transports, singly and in a batch. The server is an embedded one
// with handlers for the new methods, or yours at CENT_HTTP_URL and CENT_GRPC_URL.
import type { CentClient, CentResult } from "tscent";
import { createClient, unwrap } from "tscent";
import { startTestServer } from "tscent/testing";
import { CentrifugoApi, Priority } from "./gen/api_pb.ts";

type NewerClient = CentClient<typeof CentrifugoApi>;
type ChannelStats = CentResult<"channelStats", unknown, typeof CentrifugoApi>;

async function statsOf(cent: NewerClient, channels: readonly string[]): Promise<ChannelStats[]> {
  const commands = channels.map((channel) => ({ channelStats: { channel } }));
  return unwrap((await cent.batch({ commands })).replies);
}

const { CENT_HTTP_URL, CENT_GRPC_URL, CENT_API_KEY } = process.env;
await using embedded = await startTestServer({
  service: CentrifugoApi,
  methods: {
    channelStats: ({ channel }) => ({ numPublications: 2, byUser: { [`fan of ${channel}`]: 2 } }),
    httpStats: () => ({ numRequests: 7 }),
  },
});

for (const [transport, url] of [
  ["http", CENT_HTTP_URL ?? embedded.httpUrl],
  ["grpc", CENT_GRPC_URL ?? embedded.grpcUrl],
] as const) {
  const apiKey = CENT_API_KEY ?? embedded.apiKey;
  await using cent = createClient({ service: CentrifugoApi, transport, url, apiKey });
  await cent.publish({ channel: "chat", data: { text: "hi" }, priority: Priority.HIGH });
  const { numPublications, byUser } = await cent.channelStats({ channel: "chat" });
  const { numRequests } = await cent.httpStats();
  console.log(
    transport,
    numPublications,
    byUser,
    numRequests,
    (await statsOf(cent, ["chat", "news"])).length,
  );
}
