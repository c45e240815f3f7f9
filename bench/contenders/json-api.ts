// Centrifugo's HTTP API by hand, whatever posts: what a careful person writes in an afternoon.
import type { Contender, Publish } from "./contender.ts";
import { checked, chunks, inFlight } from "./contender.ts";

/** Posts a body to a method of the API and gives the reply's text, for a status of success only. */
export type PostText = (method: string, body: string) => Promise<string>;

interface Reply {
  readonly error?: { readonly code: number };
}

interface Replies extends Reply {
  readonly result?: {
    readonly responses?: readonly Reply[];
    readonly publications?: readonly unknown[];
  };
  readonly replies?: readonly Reply[];
}

/** Measured to be the fastest shape of batches by hand: see the bulk workload. */
const batchSize = 500;
const batchesInFlight = 4;

export function jsonApi(post: PostText): Omit<Required<Contender>, "close"> {
  const batch = async (publishes: readonly Publish[]) => {
    const body = JSON.stringify({ commands: publishes.map((publish) => ({ publish })) });
    const { replies = [] } = checked(JSON.parse(await post("batch", body)) as Replies);
    if (replies.length !== publishes.length) throw new Error(`${replies.length} replies`);
    for (const reply of replies) checked(reply);
  };
  return {
    publish: async (publish) => checked(JSON.parse(await post("publish", JSON.stringify(publish))) as Reply),
    batch,
    publishAll: (publishes) => inFlight(batchesInFlight, chunks(publishes, batchSize), batch),
    async broadcast(channels, data) {
      const reply = JSON.parse(await post("broadcast", JSON.stringify({ channels, data }))) as Replies;
      for (const response of checked(reply).result?.responses ?? []) checked(response);
    },
    async history(channel) {
      const reply = JSON.parse(await post("history", JSON.stringify({ channel, limit: -1 }))) as Replies;
      return checked(reply).result?.publications?.length ?? 0;
    },
  };
}
