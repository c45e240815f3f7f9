// Streams the tokens of a language model into a channel, in their order, with a "done" message at the end. A generator
// stands for the model. Subscribers append each token; here the history of the channel shows the order.
//
// `publishMany` takes each token as the model gives it. It has one request at a time under way for a channel, so no token
// overtakes another, and the tokens that come in the meantime share the next request.
import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { configFromEnv, createClient } from "tscent";

type Message = { token: string } | { done: true };

await using cent = createClient(
  configFromEnv({ CENT_URL: "http://localhost:8000/api", CENT_API_KEY: "api_key", ...process.env }),
);
const channel = `answer-${randomUUID()}`;

async function* model(): AsyncGenerator<string> {
  for (const token of ["Channels ", "keep ", "the ", "order ", "of ", "their ", "publi", "cations", "."]) {
    await setTimeout(Math.random() * 5);
    yield token;
  }
}

async function* messages(): AsyncGenerator<{ channel: string; data: Message }> {
  for await (const token of model()) yield { channel, data: { token } };
  yield { channel, data: { done: true } };
}

// With idempotency keys a request is repeated after a lost connection, and no token appears twice.
for await (const item of cent.publishMany(messages(), { retry: { idempotencyKeys: true } })) {
  // The error leaves the loop, which stops the run: readers get no more tokens, and no "done".
  if (!item.ok) throw item.error;
}

const { publications } = await cent.history<Message>({ channel, limit: -1 });
const texts = publications.map(({ data }) => ("done" in data ? "[done]" : data.token));
console.log(texts.join(""));

await cent.historyRemove({ channel });
