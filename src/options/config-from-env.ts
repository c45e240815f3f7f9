import type { AnyOptions } from "./check-client-options.ts";
import { checkClientOptions } from "./check-client-options.ts";
import type { ClientOptions } from "./client-options.ts";

/** The key of the method that `util.inspect` and `console.log` call to show an object. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/** The variable of each option. */
const variables: Readonly<Record<string, string>> = {
  transport: "CENT_TRANSPORT",
  url: "CENT_URL",
  apiKey: "CENT_API_KEY",
  timeoutMs: "CENT_TIMEOUT_MS",
};

/**
 * Reads client options from environment variables: `CENT_URL`, and if they are set, `CENT_TRANSPORT` (`http` or `grpc`),
 * `CENT_API_KEY` and `CENT_TIMEOUT_MS`. An empty variable counts as unset.
 *
 * @param env the variables; default `process.env`
 * @throws TypeError naming the variable that is wrong, or `CENT_URL` if it is not set
 */
export function configFromEnv(
  env: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {},
): ClientOptions {
  const options = readEnvironment(env);
  try {
    checkClientOptions(options);
  } catch (error) {
    const { message } = error as TypeError;
    throw new TypeError(message.replace(/^\w+/, (option) => variables[option] ?? option));
  }
  const forLog = () => ({ ...options, ...(options.apiKey !== undefined && { apiKey: "(secret)" }) });
  return Object.defineProperty(options as ClientOptions, inspect, { value: forLog });
}

/** The options in environment variables, of which none is required. @throws TypeError naming the wrong variable */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): AnyOptions {
  const { CENT_TRANSPORT: transport, CENT_URL: url, CENT_API_KEY: apiKey, CENT_TIMEOUT_MS: timeout } = env;
  const options: AnyOptions = {};
  if (transport) {
    if (transport !== "http" && transport !== "grpc")
      throw new TypeError(`CENT_TRANSPORT: expected http or grpc, got ${transport}`);
    options.transport = transport;
  }
  if (url) options.url = url;
  if (apiKey) options.apiKey = apiKey;
  if (timeout) {
    if (!/^[0-9]+$/.test(timeout))
      throw new TypeError(`CENT_TIMEOUT_MS: expected milliseconds, got ${timeout}`);
    options.timeoutMs = Number(timeout);
  }
  return options;
}
