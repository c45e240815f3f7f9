import { expectObject } from "../../codec/caller-values.ts";
import { didYouMean } from "../../codec/did-you-mean.ts";
import { PathError, runUnder } from "../../codec/path-error.ts";
import type { JsonOptions } from "../../codec/payload.ts";
import { createPayload } from "../../codec/payload.ts";
import { expectOptions, flag, jsonFunctions, optionChecks, shown } from "../../options/option-checks.ts";
import type { SqlQuery, SqlValue } from "../sql-query.ts";
import type { Encoding } from "./broker-argument.ts";
import { sqlArgument } from "./broker-argument.ts";
import type { ArgumentKind } from "./broker-functions.ts";
import { brokerFunctions } from "./broker-functions.ts";
import type { BrokerMethod } from "./broker-requests.ts";

/** The settings of Centrifugo's PostgreSQL broker that its SQL functions follow. */
export interface BrokerOptions {
  /** `table_prefix` of the broker. Default "cf". */
  readonly tablePrefix?: string | undefined;
  /** `binary_data` of the broker: data is bytes, not jsonb. Default false. */
  readonly binary?: boolean | undefined;
  /** Functions for data in place of `JSON.stringify` and `JSON.parse`. */
  readonly json?: JsonOptions | undefined;
}

const checks = optionChecks<BrokerOptions>({
  // The prefix is part of names that Centrifugo does not quote.
  tablePrefix: shown(
    (value) =>
      (typeof value === "string" && /^[a-z_][a-z0-9_]{0,30}$/.test(value)) ||
      "a lower-case letter, then lower-case letters, digits and _",
  ),
  binary: flag,
  json: jsonFunctions,
});

/** @throws PathError naming the option that is wrong */
export function readOptions(options: BrokerOptions): BrokerOptions & Encoding {
  expectOptions(options, checks);
  const { tablePrefix, binary = false, json } = options;
  return { tablePrefix, binary, payload: createPayload(json) };
}

/** The full name of a function or table of the broker. */
export const functionName = (name: string, { tablePrefix = "cf", binary = false }: BrokerOptions) =>
  `${tablePrefix.replace(/_+$/, "")}${binary ? "_binary" : ""}_${name}`;

/** @throws PathError naming the argument that is wrong */
export function makeQuery(method: unknown, request: unknown, options: BrokerOptions & Encoding): SqlQuery {
  if (typeof method !== "string" || !Object.hasOwn(brokerFunctions, method)) {
    const known = Object.keys(brokerFunctions);
    const meant = typeof method === "string" ? didYouMean(method, known) : undefined;
    throw new PathError(`no such function; ${meant ?? `expected one of ${known.join(", ")}`}`);
  }
  const kinds = brokerFunctions[method as BrokerMethod] as Readonly<Record<string, ArgumentKind>>;
  const given = expectObject(request);
  for (const name of Object.keys(given))
    if (!Object.hasOwn(kinds, name))
      throw new PathError(
        `unknown argument; ${didYouMean(name, Object.keys(kinds)) ?? "see BrokerRequests"}`,
        {
          path: name,
        },
      );
  const values: SqlValue[] = [];
  const places: string[] = [];
  for (const [name, kind] of Object.entries(kinds)) {
    const value = given[name];
    if (value === undefined) {
      if (kind.endsWith("!")) throw new PathError("is required", { path: name });
      continue;
    }
    const argument = runUnder(name, () => sqlArgument(kind, value, options));
    places.push(`${parameterName(name)} => $${values.push(argument.value)}::${argument.cast}`);
  }
  if (method.startsWith("map_publish")) expectLongerMeta(given);
  return { text: `select * from ${functionName(method, options)}(${places.join(", ")})`, values };
}

/** `p_history_ttl` of historyTtlMs. */
const parameterName = (name: string) =>
  `p_${name.replace(/Ms$/, "").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

/** The SQL function raises an error for these, which would end the caller's transaction. */
function expectLongerMeta({ keyTtlMs, metaTtlMs }: Readonly<Record<string, unknown>>): void {
  if (metaTtlMs !== undefined && (keyTtlMs === undefined || Number(metaTtlMs) < Number(keyTtlMs)))
    throw new PathError("needs keyTtlMs, and is not shorter than it", { path: "metaTtlMs" });
}
