import fc from "fast-check";
import type { Protocol } from "./scripted-server.ts";
import { protocols } from "./scripted-server.ts";

/** One call of a sequence, made on two servers, on each over its own transport. */
export interface RandomCall {
  /** The client's name of the method. */
  readonly method: string;
  /**
   * In its strings, `{run}` stands for the name of the sequence, so that sequences share no channels. `{epoch}` stands
   * for the epoch that the channel of the request has on the server.
   */
  readonly request: Readonly<Record<string, unknown>>;
  readonly over: readonly [Protocol, Protocol];
}

const { constant, constantFrom, oneof, record, boolean, integer } = fc;

/** Mostly one of a few names, so that calls share them, and seldom a wrong one. */
const some = <T>(often: readonly T[], seldom: readonly T[]): fc.Arbitrary<T> =>
  oneof({ weight: 8, arbitrary: constantFrom(...often) }, { weight: 1, arbitrary: constantFrom(...seldom) });

const streams = ["{run}", "short:{run}", "short:{run}", "short:{run}_k", "value:{run}", "binary:{run}"];
const otherStreams = ["plain:{run}", "json:{run}", "$short:{run}", "short:", ":{run}", "{run}ü"];
const maps = ["board:{run}", "board:{run}", "tight:{run}", "kept:{run}", "brief:{run}"];
const wrong = ["", "none:{run}", "Short:{run}", "poll:{run}", "quiet:{run}"];

const streamChannel = some([...streams, ...streams, ...otherStreams], [...wrong, ...maps]);
const mapChannel = some([...maps, ...maps, ...maps], [...wrong, ...streams]);
const pollChannel = some(["poll:{run}", "quiet:{run}"], ["", "none:{run}", ...maps, ...streams]);
const user = constantFrom("nobody", "");

const bytesOf = (text: string) => new TextEncoder().encode(text);
const json = oneof(
  { weight: 3, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  { weight: 1, arbitrary: constantFrom({ n: 1 }, [], 0, null, "<&>\u2028", 1e21, -0) },
);
const data = oneof(
  { weight: 8, arbitrary: json },
  {
    weight: 1,
    arbitrary: constantFrom(
      ...["", " ", "{", '{"a": 1 }', " [1,\n2] ", "1.0e400", "nul", '"\u0001"', "\ufeff{}", "{}{}"].map(
        bytesOf,
      ),
      ...[new Uint8Array([0, 255]), bytesOf('{"a":1,"a":2}')],
    ),
  },
);
const tags = fc.dictionary(constantFrom("a", "b", "<ü>", ""), constantFrom("", "1", "&"), { maxKeys: 2 });
const int64 = constantFrom(0, 1, 2, 3, 5, 8, 2n ** 53n + 1n, 2n ** 64n - 1n);
const limit = integer({ min: -2, max: 5 });
const epoch = constantFrom("", "{epoch}", "{epoch}", "{epoch}", "other");
const key = some(["a", "a", "a", "b", "ä", "\u{1f600}", "\uffee"], [""]);
// The server joins a channel and a key with "_", so that two pairs may give one name.
const idempotencyKey = some(["", "", "", "k", "k_k"], ["l"]);
const versions = {
  version: some([0, 0, 1, 2], [5, 2n ** 64n - 1n]),
  versionEpoch: constantFrom("", "", "a", "b"),
};

/** Fields that a caller may leave out. */
const optional = <T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) => record(fields, { requiredKeys: [] });

const combined = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<Record<string, unknown>> =>
  fc.tuple(...parts).map((made) => Object.assign({}, ...made));

const publishing = combined(
  record({ data }),
  optional({ tags, skipHistory: boolean(), idempotencyKey, delta: boolean(), ...versions }),
);
const target = optional({ client: constantFrom("", "x"), session: constantFrom("", "x") });
const flag = record({ value: boolean() });
const noChannels = combined(constant({}));
const inChannel = (channel: fc.Arbitrary<string>, ...parts: fc.Arbitrary<object>[]) =>
  combined(record({ channel }), ...parts);

/** The weight and the requests of each method. */
const requests: Readonly<Record<string, [weight: number, request: fc.Arbitrary<Record<string, unknown>>]>> = {
  publish: [12, inChannel(streamChannel, publishing)],
  // A server publishes to all channels at once, so only different channels make the order irrelevant.
  broadcast: [3, combined(record({ channels: fc.uniqueArray(streamChannel, { maxLength: 4 }) }), publishing)],
  history: [
    12,
    inChannel(
      streamChannel,
      optional({ limit, reverse: boolean(), since: optional({ offset: int64, epoch }) }),
    ),
  ],
  historyRemove: [1, inChannel(streamChannel)],
  presence: [1, inChannel(streamChannel)],
  presenceStats: [1, inChannel(streamChannel)],
  subscribe: [
    2,
    inChannel(
      some([...streams, ...maps], wrong),
      record({ user }),
      target,
      optional({
        ...{ data, info: data, expireAt: constantFrom(0, 5, -5, 4102444800) },
        recoverSince: optional({ offset: int64, epoch }),
        override: optional({ presence: flag, joinLeave: flag, forceRecovery: flag, forcePositioning: flag }),
      }),
    ),
  ],
  unsubscribe: [1, inChannel(some(streams, wrong), record({ user }), target)],
  disconnect: [
    1,
    combined(
      record({ user }),
      target,
      optional({
        whitelist: constant(["x"]),
        disconnect: optional({ code: constantFrom(0, 4000), reason: key }),
      }),
    ),
  ],
  refresh: [
    1,
    combined(
      record({ user }),
      target,
      optional({ expired: boolean(), expireAt: constantFrom(0, 5, 4102444800) }),
    ),
  ],
  // There are no clients, so these calls show only which patterns are accepted. An empty alternative would end a real server.
  channels: [
    1,
    optional({
      pattern: fc.string({ unit: constantFrom(..."ab*?[]-!\\".split("")), maxLength: 6 }),
    }).map((request) => ({ ...request })),
  ],
  rpc: [1, combined(record({ method: constantFrom("", "none") }), optional({ params: json }))],
  info: [1, noChannels],
  mapPublish: [
    12,
    inChannel(
      mapChannel,
      record({ key, ...versions }),
      optional({
        ...{ data, tags, idempotencyKey, delta: boolean(), score: int64.map((value) => BigInt(value) / 2n) },
        keyMode: some(["", "", "if_new", "if_exists"], ["replace"]),
        streamData: data,
      }),
    ),
  ],
  mapRemove: [3, inChannel(mapChannel, record({ key }), optional({ idempotencyKey }))],
  mapReadState: [
    6,
    inChannel(
      mapChannel,
      optional({
        ...{ limit, cursor: constantFrom("", "a", "b", "zzz"), key: constantFrom("", "", "a", "none") },
        ...{ asc: boolean(), revisionOffset: constantFrom(0, 0, 1, 5), revisionEpoch: epoch },
      }),
    ),
  ],
  mapReadStream: [
    6,
    inChannel(mapChannel, optional({ limit, reverse: boolean(), sinceOffset: int64, sinceEpoch: epoch })),
  ],
  mapStats: [1, inChannel(mapChannel)],
  mapClear: [1, inChannel(mapChannel)],
  sharedPollPublish: [
    2,
    inChannel(pollChannel, record({ key, version: int64 }), optional({ data, epoch: constantFrom("", "a") })),
  ],
  getUserStatus: [1, constant({ users: ["nobody"] })],
  connections: [1, constant({ user: "nobody" })],
};

const singleCall = oneof(
  ...Object.entries(requests).map(([method, [weight, request]]) => ({
    weight,
    arbitrary: record({ method: constant(method), request }),
  })),
);

const batch = record({
  method: constant("batch"),
  request: record({
    commands: fc.array(
      singleCall.map(({ method, request }) => ({ [method]: request })),
      { maxLength: 6 },
    ),
  }),
});

/** A sequence of calls. */
export const randomCalls: fc.Arbitrary<RandomCall[]> = fc.array(
  fc
    .tuple(
      oneof({ weight: 9, arbitrary: singleCall }, { weight: 1, arbitrary: batch }),
      constantFrom(...protocols),
      constantFrom(...protocols),
    )
    .map(([call, first, second]) => ({ ...call, over: [first, second] as const })),
  { maxLength: 60, size: "max" },
);
