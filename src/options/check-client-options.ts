import type { DescService } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { classOf } from "../codec/caller-values.ts";
import type { Int64 } from "../codec/integers.ts";
import { PathError } from "../codec/path-error.ts";
import { isWorkerd } from "../limits/workerd.ts";
import { secret } from "./authorization.ts";
import type { CheckedBatching } from "./check-batching.ts";
import { checkBatching } from "./check-batching.ts";
import type { ClientOptions } from "./client-options.ts";
import { ofOurTransports } from "./client-options.ts";
import { checkHeaders } from "./headers.ts";
import {
  anything,
  callback,
  count,
  definedChannels,
  expect,
  expectOptions,
  flag,
  hasFunctions,
  isFunction,
  isObject,
  jsonFunctions,
  milliseconds,
  optionChecks,
  positiveMs,
  shown,
} from "./option-checks.ts";
import type { CheckedRetry } from "./retry-options.ts";
import { checkRetry, defaultRetry } from "./retry-options.ts";
import { version } from "./version.ts";

/** Where calls are sent: a caller's transport, or the protocol and address for one of ours. */
export type Target = Transport | { readonly protocol: "http" | "grpc"; readonly url: URL };

/** The options of a client that are not known to have a valid address or transport. */
export interface AnyOptions extends Omit<ClientOptions<DescService, Int64>, "transport" | "url"> {
  transport?: "http" | "grpc" | Transport | undefined;
  url?: string | URL | undefined;
}

/** Checked client options with their defaults. */
export interface CheckedClientOptions
  extends Omit<AnyOptions, "transport" | "url" | "headers" | "batching" | "retry"> {
  readonly target: Target;
  readonly timeoutMs: number;
  readonly int64: Int64;
  readonly headers: Readonly<Record<string, string>>;
  readonly batching: CheckedBatching | undefined;
  /** Undefined to send each request once. */
  readonly retry: CheckedRetry | undefined;
}

const transportExpected = '"http", "grpc" or a Connect transport';

const name = shown((value) => typeof value === "string" || "a string");

const checks = optionChecks<AnyOptions>({
  transport: shown((value) => isObject(value) || value === "http" || value === "grpc" || transportExpected),
  url: anything,
  apiKey: secret,
  bearerToken: secret,
  timeoutMs: shown(milliseconds),
  socketPath: shown((value) => (typeof value === "string" && value !== "") || "the path of a socket"),
  connectTimeoutMs: shown(positiveMs),
  retry: anything,
  maxInFlight: shown(count),
  maxQueued: shown(
    (value) => (Number.isSafeInteger(value) && Number(value) >= 0) || "an integer of 0 or more",
  ),
  maxResponseBytes: shown(count),
  headers: anything,
  interceptors: (value) => (Array.isArray(value) && value.every(isFunction)) || "an array of functions",
  int64: shown((value) => value === "number" || value === "bigint" || '"number" or "bigint"'),
  json: jsonFunctions,
  http: {
    dispatcher: (value) => hasFunctions(value, "dispatch") || "an undici dispatcher",
    fetch: callback,
    keepAliveMs: shown(positiveMs),
  },
  grpc: {
    pingIntervalMs: shown(positiveMs),
    pingIdleConnection: flag,
    pingTimeoutMs: shown(positiveMs),
    idleConnectionTimeoutMs: shown(milliseconds),
  },
  tls: { ca: anything, cert: anything, key: anything, servername: name, rejectUnauthorized: flag },
  // An array or a Map would pass for an object without options.
  batching: shown(
    (value) =>
      typeof value === "boolean" || classOf(value) === "Object" || "true, false or an object with options",
  ),
  channels: definedChannels,
  service: (value) =>
    (isObject(value) && Reflect.get(value, "kind") === "service") || "a service's descriptor, as generated",
});

/** Checks the options, and fills in the defaults. @throws TypeError naming the option and what was expected */
export function checkClientOptions(options: AnyOptions): CheckedClientOptions {
  try {
    expect("options", isObject(options), `an object, got ${typeof options}`);
    expectOptions(options, checks);
    const { timeoutMs = 10_000, int64 = "number", apiKey, bearerToken } = options;
    expect("bearerToken", apiKey === undefined || bearerToken === undefined, "nothing beside apiKey");
    checkSharing(options);
    const target = checkTarget(options);
    const given = checkHeaders(options.headers);
    // A caller's transport names itself.
    const headers = "unary" in target ? given : { "user-agent": `tscent/${version}`, ...given };
    const batching = checkBatching(options.batching, timeoutMs);
    const retry = checkRetry(options.retry, defaultRetry);
    // Read by name, as a spread would miss accessors and inherited properties.
    const all = Object.fromEntries([...checks.keys()].map((name) => [name, Reflect.get(options, name)]));
    return { ...(all as AnyOptions), target, timeoutMs, int64, headers, batching, retry };
  } catch (error) {
    throw error instanceof PathError ? new TypeError(error.message) : error;
  }
}

/** Refuses options by which a call waits for a call of another request. In workerd it would wait for ever. */
function checkSharing({ batching, maxInFlight }: AnyOptions): void {
  if (!isWorkerd()) return;
  const reason = "not in Cloudflare Workers, where a call cannot wait for a call of another request";
  if (batching)
    throw new PathError(`${reason}; use publishMany, broadcastMany or batch`, { path: "batching" });
  if (maxInFlight !== undefined) throw new PathError(`${reason}; leave it out`, { path: "maxInFlight" });
}

function checkTarget(options: AnyOptions): Target {
  const { transport = "http", url, http, grpc, tls } = options;
  if (typeof transport === "object") {
    expect("transport", isFunction(transport.unary), transportExpected);
    for (const name of ofOurTransports)
      expect(
        name,
        options[name] === undefined,
        "nothing beside a transport object, which has settings of its own",
      );
    return transport;
  }
  const { dispatcher, fetch } = http ?? {};
  const isTheirs = dispatcher !== undefined || fetch !== undefined;
  expect("http", transport === "http" || http === undefined, 'nothing with transport: "grpc"');
  expect("http", dispatcher === undefined || fetch === undefined, "either a dispatcher or fetch");
  expect("grpc", transport === "grpc" || grpc === undefined, 'nothing with transport: "http"');
  const address = checkUrl(url, transport);
  if (tls !== undefined) {
    expect("tls", address.protocol === "https:", "nothing with the scheme http:");
    expect("tls", !isTheirs, "nothing beside http.dispatcher or http.fetch");
  }
  const { socketPath, connectTimeoutMs } = options;
  for (const [name, value] of Object.entries({
    socketPath,
    connectTimeoutMs,
    "http.keepAliveMs": http?.keepAliveMs,
  }))
    expect(name, value === undefined || !isTheirs, "nothing beside http.dispatcher or http.fetch");
  return { protocol: transport, url: address };
}

function checkUrl(url: unknown, protocol: "http" | "grpc"): URL {
  const [api, example] = protocol === "http" ? ["HTTP", "localhost:8000/api"] : ["gRPC", "localhost:10000"];
  const expected = `the address of the ${api} API, as in http://${example}`;
  if (url === undefined || url === "") {
    const problem = url === undefined ? "is undefined" : "is empty";
    throw new PathError(`${problem}; expected ${expected}. Set the variable that it comes from`, {
      path: "url",
    });
  }
  expect("url", typeof url === "string" || url instanceof URL, `${expected}, got ${typeof url}`);
  const parsed = URL.parse(`${url}`);
  // No message shows the address: it may hold a password.
  // `localhost:8000` parses as the scheme `localhost:` with the path `8000`.
  const lacksScheme = parsed === null ? !`${url}`.includes("://") : /^[0-9]/.test(parsed.pathname);
  expect("url", !lacksScheme, `${expected}; this has no scheme, http:// or https://`);
  expect("url", parsed !== null, `${expected}; this is no URL`);
  expect("url", /^https?:$/.test(parsed.protocol), `the scheme http: or https:, got ${parsed.protocol}`);
  expect("url", parsed.username === "" && parsed.password === "", "no user and no password");
  expect("url", !/[?#]/.test(parsed.href), "neither ? nor #; a key goes into apiKey");
  return parsed;
}
