import { runUnder } from "../../codec/path-error.ts";
import { runMapped } from "../../errors/map-error.ts";
import { expect } from "../../options/option-checks.ts";
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
  return runMapped(`${method}`, () => makeQuery(method, request, readOptions(options)));
}

/**
 * Makes the queries for several calls in one transaction. Run all of them, in this order, at its end. The first ones lock the
 * shards of all channels in the order of their numbers, so that two transactions never wait for each other. The others are
 * the calls as given.
 *
 * @throws CentRequestError naming the method, and the argument or option that is wrong
 */
export function brokerQueries(calls: readonly BrokerCall[], options: BrokerOptions = {}): SqlQuery[] {
  const isListOfLists = isList(calls) && calls.every(isList);
  runMapped("brokerQueries", () =>
    expect("calls", isListOfLists, "an array of calls, each with a method and a request"),
  );
  const queries = calls.map(([method, request], index) =>
    runMapped(`${method}`, () =>
      runUnder(`calls[${index}]`, () => makeQuery(method, request, readOptions(options))),
    ),
  );
  return [...lockShards(calls, (name) => functionName(name, options)), ...queries];
}

/** No type guard: the compiler would forget the types of the calls. */
const isList = (value: unknown): boolean => Array.isArray(value);
