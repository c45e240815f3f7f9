import type { DescService } from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import type { Int64 } from "../codec/integers.ts";
import { PathError } from "../codec/path-error.ts";
import type { CheckedBatching } from "./check-batching.ts";
import { checkBatching } from "./check-batching.ts";
import { checkJson } from "./check-json.ts";
import type { ClientOptions } from "./client-options.ts";
import { checkNames, expect, isFunction, isObject, isTimeout, timeoutExpected } from "./expect.ts";
import { checkHeaders, isSecret } from "./headers.ts";

/** Where calls go: to a transport of the caller's, or to an address that one of ours is made for. */
export type Target = Transport | { readonly protocol: "http" | "grpc"; readonly url: URL };

/** Options that were checked, with their defaults. */
export interface CheckedOptions
  extends Omit<ClientOptions<DescService, Int64>, "transport" | "url" | "headers" | "batching"> {
  readonly target: Target;
  readonly timeoutMs: number;
  readonly int64: Int64;
  readonly headers: Readonly<Record<string, string>>;
  readonly batching: CheckedBatching | undefined;
}

const defaultTimeoutMs = 10_000;
const optionNames = [
  "transport",
  "url",
  "apiKey",
  "bearerToken",
  "timeoutMs",
  "headers",
  "interceptors",
  "int64",
  "json",
  "http",
  "grpc",
  "tls",
  "batching",
  "service",
] as const satisfies readonly (keyof ClientOptions)[];

const nestedNames = {
  http: ["dispatcher", "fetch"],
  grpc: ["pingIntervalMs", "pingIdleConnection", "pingTimeoutMs", "idleConnectionTimeoutMs"],
  tls: ["ca", "cert", "key", "servername", "rejectUnauthorized"],
} as const;

/** Where a string such as "false" would do the opposite of what it says. */
const flags = [
  ["grpc", "pingIdleConnection"],
  ["tls", "rejectUnauthorized"],
] as const;

/**
 * Checks the options of a client and fills in the defaults.
 *
 * @throws TypeError naming the option and what was expected
 */
export function checkOptions(options: ClientOptions<DescService, Int64>): CheckedOptions {
  expect("options", isObject(options), "an object", typeof options);
  checkNames("", options, optionNames);
  for (const [option, names] of Object.entries(nestedNames)) {
    const nested = options[option as keyof typeof nestedNames];
    if (nested === undefined) continue;
    expect(option, isObject(nested), "an object", typeof nested);
    checkNames(`${option}.`, nested, names);
    for (const [name, value] of Object.entries(nested)) {
      if (name.endsWith("Ms")) expect(`${option}.${name}`, isTimeout(value), timeoutExpected, value);
    }
  }
  for (const [option, name] of flags) {
    const flag: unknown = Reflect.get(options[option] ?? {}, name);
    expect(`${option}.${name}`, flag === undefined || typeof flag === "boolean", "true or false", flag);
  }
  const { timeoutMs = defaultTimeoutMs, int64 = "number", interceptors = [], json } = options;
  expect("timeoutMs", isTimeout(timeoutMs), timeoutExpected, timeoutMs);
  expect("int64", int64 === "number" || int64 === "bigint", '"number" or "bigint"', int64);
  expect(
    "interceptors",
    Array.isArray(interceptors) && interceptors.every(isFunction),
    "an array of functions",
  );
  asTypeError(() => checkJson(json));
  expect("service", isService(options.service), "a service's descriptor, as generated");
  const { fetch, dispatcher } = options.http ?? {};
  expect("http.fetch", fetch === undefined || isFunction(fetch), "a function");
  expect(
    "http.dispatcher",
    dispatcher === undefined || isFunction(dispatcher?.dispatch),
    "an undici dispatcher",
  );
  checkSecret("apiKey", options.apiKey);
  checkSecret("bearerToken", options.bearerToken);
  expect(
    "bearerToken",
    options.apiKey === undefined || options.bearerToken === undefined,
    "nothing beside apiKey",
  );
  return {
    ...options,
    target: checkTarget(options),
    timeoutMs,
    int64,
    headers: asTypeError(() => checkHeaders(options.headers)),
    batching: checkBatching(options.batching, timeoutMs),
  };
}

function checkTarget(options: ClientOptions<DescService, Int64>): Target {
  const { transport = "http", http, grpc, tls } = options;
  if (typeof transport === "object" && transport !== null) {
    expect("transport", isFunction(transport.unary), transportExpected);
    const unused = (["url", "http", "grpc", "tls", "interceptors"] as const).find(
      (name) => options[name] !== undefined,
    );
    expect(
      `${unused}`,
      unused === undefined,
      "nothing beside a transport object, which has settings of its own",
    );
    return transport;
  }
  expect("transport", transport === "http" || transport === "grpc", transportExpected, transport);
  expect("http", transport === "http" || http === undefined, 'nothing with transport: "grpc"');
  expect("http", http?.dispatcher === undefined || http.fetch === undefined, "either a dispatcher or fetch");
  expect("grpc", transport === "grpc" || grpc === undefined, 'nothing with transport: "http"');
  const url = checkUrl(options.url, transport);
  if (tls !== undefined) {
    expect("tls", url.protocol === "https:", "nothing with the scheme http:");
    expect(
      "tls",
      http?.dispatcher === undefined && http?.fetch === undefined,
      "nothing beside your own http",
    );
  }
  return { protocol: transport, url };
}

const transportExpected = '"http", "grpc" or a Connect transport';

function checkUrl(url: unknown, protocol: "http" | "grpc"): URL {
  const example = protocol === "http" ? "http://localhost:8000/api" : "http://localhost:10000";
  const expected = `the address of the ${protocol === "http" ? "HTTP" : "gRPC"} API, as in ${example}`;
  expect("url", typeof url === "string" || url instanceof URL, expected, typeof url);
  const parsed = URL.parse(`${url}`);
  // What was given is not shown: it may hold a password.
  expect("url", parsed !== null, `${expected}; this is no URL`);
  expect("url", /^https?:$/.test(parsed.protocol), "the scheme http: or https:", parsed.protocol);
  expect("url", parsed.username === "" && parsed.password === "", "no user and no password");
  expect("url", !/[?#]/.test(parsed.href), "neither ? nor #; a key goes into apiKey");
  return parsed;
}

function checkSecret(option: string, secret: unknown): void {
  if (secret === undefined || isFunction(secret)) return;
  expect(option, typeof secret === "string", "a string, or a function that gives one", typeof secret);
  expect(option, isSecret(secret), "visible ASCII characters, one at least");
}

function isService(service: unknown): boolean {
  return service === undefined || (isObject(service) && (service as Partial<DescService>).kind === "service");
}

function asTypeError<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof PathError ? new TypeError(error.message) : error;
  }
}
