import type { ClientHttp2Session } from "node:http2";
import { connect } from "node:http2";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { sendGrpc } from "../harness/raw-grpc.ts";
import { sendHttp } from "../harness/raw-http.ts";
import { withPlainSpaces } from "./plain-spaces.ts";
import type { GrpcExchange, HttpExchange, Scenario } from "./recordings.ts";
import { readScenarios } from "./recordings.ts";
import { ServerMadeValues } from "./server-made.ts";
import type { ServerKind, ServerUnderTest } from "./servers.ts";
import { describeEachServer } from "./servers.ts";

const scenarios = readScenarios();

/** Exchanges whose replies a real server gives in a different order each time. */
const inAnyOrder: Readonly<Record<string, string>> = {
  "http batch and broadcast 2":
    "a channel stands twice in a broadcast, which publishes to all channels at once",
  "http batch and broadcast 11": "the commands of a parallel batch publish to one channel at once",
  "grpc core 34": "a channel stands twice in a broadcast, which publishes to all channels at once",
};

describeEachServer(
  (kind) => {
    for (const scenario of scenarios) describe(scenario.name, () => replay(kind, scenario));
    if (kind.isReal) {
      test("each exchange that is compared without its order is recorded", () => {
        const known = scenarios.flatMap(({ name, exchanges }) =>
          exchanges.map(({ step }) => `${name} ${step}`),
        );
        for (const [exchange, reason] of Object.entries(inAnyOrder)) {
          console.log(
            `replayed on a real server, and compared without the order of offsets: ${exchange}: ${reason}`,
          );
          expect(known).toContain(exchange);
        }
      });
    }
  },
  { needs: "a configuration of its own" },
);

test("the recordings have 260 exchanges", () => {
  expect(scenarios.flatMap(({ exchanges }) => exchanges)).toHaveLength(260);
});

function replay(kind: ServerKind, scenario: Scenario): void {
  const made = new ServerMadeValues();
  let server: ServerUnderTest;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    // A fixed clock: a server refreshes its counters every three seconds, and the replies must not depend on that.
    const now = Date.now();
    server = await kind.start(scenario.config, { clock: { now: () => now } });
    session = connect(server.grpcUrl);
    const ids = recordedClientIds(scenario);
    for (const { user, channels } of scenario.clients) {
      const { client } = await server.connect(user, channels);
      const recorded = ids.find(({ user: owner, id }) => owner === user && made.isNewClient(id));
      if (recorded !== undefined) made.learnClient(recorded.id, client);
    }
  });

  afterAll(async () => {
    session.close();
    await server[Symbol.asyncDispose]();
  });

  for (const exchange of scenario.exchanges) {
    test(`exchange ${exchange.step} over ${exchange.protocol} gives the recorded reply ${exchange.note ?? ""}`, async () => {
      const ordered = !kind.isReal || inAnyOrder[`${scenario.name} ${exchange.step}`] === undefined;
      const sorted = ordered ? sortPresence : sortOffsets;
      const comparable = kind.isReal ? (body: string) => withoutUptime(sorted(body)) : sorted;
      if (exchange.protocol === "http") await replayHttp(server.httpUrl, exchange, made, comparable);
      else await replayGrpc(session, exchange, made, comparable);
    });
  }
}

/** The recorded ids of the clients, in order of appearance. */
function recordedClientIds({ exchanges }: Scenario): { user: string; id: string }[] {
  return exchanges.flatMap(({ response }) => {
    const text = "body" in response ? response.body : JSON.stringify(response.messageJson);
    const found = text.matchAll(/\{"user":"(\w+)","client":"([0-9a-f-]+)"/g);
    return [...found].map(([, user = "", id = ""]) => ({ user, id }));
  });
}

/** The server sorts clients by id, and its ids differ from the recorded ones. */
function sortPresence(body: string): string {
  return body.replace(/"presence":(\{.*\})(?=\}\}$)/, (_, members: string) => {
    const entries = Object.entries(JSON.parse(members) as object);
    return `"presence":${JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))))}`;
  });
}

/** Offsets are numbers over HTTP, and strings in the JSON of protobuf. */
function sortOffsets(body: string): string {
  const offsets = [...body.matchAll(/"offset":"?(\d+)/g)]
    .map(([, offset]) => Number(offset))
    .sort((a, b) => a - b);
  return body.replace(/("offset":"?)\d+/g, (_, name: string) => `${name}${offsets.shift()}`);
}

/** A server leaves out its uptime in the first second, as in the recordings. Ours may run for longer. */
function withoutUptime(body: string): string {
  return body.replace(/"uptime":\d+,/g, "");
}

async function replayHttp(
  url: string,
  { request, response }: HttpExchange,
  made: ServerMadeValues,
  comparable: (body: string) => string,
) {
  const { status, contentType, body } = await sendHttp(url, request);
  const recorded = response.contentType === "application/json" ? comparable(response.body) : response.body;
  const actual = response.contentType === "application/json" ? comparable(body) : body;
  if (response.contentType === "application/json") made.learn(JSON.parse(recorded), JSON.parse(actual));
  expect({ status, contentType, body: actual }).toEqual({
    ...response,
    body: comparable(made.replaceIn(recorded)),
  });
}

async function replayGrpc(
  session: ClientHttp2Session,
  { request, response }: GrpcExchange,
  made: ServerMadeValues,
  comparable: (body: string) => string,
) {
  const path = `/${CentrifugoApi.typeName}/${request.rpc}`;
  const bytes = Buffer.from(request.message, "base64");
  const actual = await sendGrpc(session, path, request.metadata, bytes);
  expect({
    httpStatus: actual.httpStatus,
    grpcStatus: actual.grpcStatus,
    grpcMessage: withPlainSpaces(actual.grpcMessage),
    details: actual.details?.replace(/=+$/, "") ?? null,
  }).toEqual({
    httpStatus: response.httpStatus,
    grpcStatus: response.grpcStatus,
    grpcMessage: withPlainSpaces(response.grpcMessage),
    details: response.grpcStatusDetailsBin,
  });
  if (response.message === null || actual.message === null) {
    expect(actual.message).toBe(response.message);
    return;
  }
  const output = CentrifugoApi.methods.find((method) => method.name === request.rpc)?.output;
  if (output === undefined) throw new Error(`no rpc ${request.rpc}`);
  const recorded = comparable(JSON.stringify(response.messageJson));
  const given = comparable(JSON.stringify(toJson(output, fromBinary(output, actual.message))));
  made.learn(JSON.parse(recorded), JSON.parse(given));
  expect(JSON.parse(given)).toEqual(JSON.parse(comparable(made.replaceIn(recorded))));
}
