import { PathError, runUnder } from "../../codec/path-error.ts";
import { refusal } from "../refusal.ts";
import type { SqlQuery } from "../sql-query.ts";
import type { BrokerCall, BrokerMethod, BrokerRequests } from "./broker-requests.ts";
import { lockShards } from "./lock-shards.ts";
import type { BrokerOptions } from "./make-query.ts";
import { functionName, makeQuery, readOptions } from "./make-query.ts";

/**
 * Makes the query that calls a function of Centrifugo's PostgreSQL broker (since 6.8): `select * from cf_stream_publish(…)`.
 * In a transaction of your own, run it last: the function locks one of the broker's shards until the transaction ends.
 *
 * @param method the function without the prefix of its name: `stream_publish`, `map_publish` …
 * @throws CentRequestError naming the method, and the argument or option that is wrong
 */
export function brokerQuery<Method extends BrokerMethod>(
  method: Method,
  request: BrokerRequests[Method],
  options: BrokerOptions = {},
): SqlQuery {
  try {
    return makeQuery(method, request, readOptions(options));
  } catch (error) {
    throw refusal(error, method, "brokerQuery");
  }
}

/** A query of PostgreSQL has at most this many parameters, and the query of the locks has one for each channel. */
const mostChannels = 65_535;

/**
 * Makes the queries for several calls in one transaction. Run all of them, in this order, at its end. The first ones lock the
 * shards of all channels in the order of their numbers, so that two transactions never wait for each other. The others are
 * the calls as given.
 *
 * @throws CentRequestError naming the method, and the argument or option that is wrong
 */
export function brokerQueries(calls: readonly BrokerCall[], options: BrokerOptions = {}): SqlQuery[] {
  if (!isList(calls) || !calls.every(isList)) {
    const problem = "expected an array of calls, each with a method and a request";
    throw refusal(new PathError(problem, { path: "calls" }), undefined, "brokerQueries");
  }
  const queries = calls.map(([method, request], index) => {
    try {
      return runUnder(`calls[${index}]`, () => makeQuery(method, request, readOptions(options)));
    } catch (error) {
      throw refusal(error, method, "brokerQueries");
    }
  });
  const locks = lockShards(calls, (name) => functionName(name, options));
  const channels = Math.max(0, ...locks.map(({ values }) => values.length));
  if (channels > mostChannels) {
    const problem = `expected at most ${mostChannels} channels, got ${channels}`;
    throw refusal(new PathError(problem, { path: "calls" }), undefined, "brokerQueries");
  }
  return [...locks, ...queries];
}

/** No type guard: the compiler would forget the types of the calls. */
const isList = (value: unknown): boolean => Array.isArray(value);
