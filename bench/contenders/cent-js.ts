import { CentClient } from "cent.js";
import type { CreateContender, Publish } from "./contender.ts";
import { inFlight } from "./contender.ts";

/** cent.js has no batches for Centrifugo 6. With more calls at once than this it opens a connection for each call. */
const width = 64;

export const centJs: CreateContender = ({ httpUrl, apiKey }) => {
  const cent = new CentClient({ url: httpUrl, apiKey });
  const publish = ({ channel, data }: Publish) => cent.publish({ channel, data: { ...data } });
  return {
    publish,
    publishAll: (publishes) => inFlight(width, publishes, publish),
    broadcast: (channels, data) => cent.broadcast({ channels: [...channels], data: { ...data } }),
    history: async (channel) => (await cent.getHistory({ channel, limit: -1 })).publications.length,
    close: async () => {},
  };
};
