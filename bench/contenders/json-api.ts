// Centrifugo's HTTP API by hand, as a careful person writes it in an afternoon. The caller gives the function that posts.
import type { Contender, Publish } from "./contender.ts";
import { checked, chunks, inFlight } from "./contender.ts";

/** Posts a body to a method of the API. Resolves with the text of the reply, and rejects if the status is not 2xx. */
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

/** The fastest size of batches by hand, measured with the bulk workload. */
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
