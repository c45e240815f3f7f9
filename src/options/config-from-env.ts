import type { ClientOptions } from "./client-options.ts";

/** The key of the method that `util.inspect` and `console.log` call to show an object. */
const inspect = Symbol.for("nodejs.util.inspect.custom");

/**
 * Reads client options from environment variables: `CENT_TRANSPORT` (`http` or `grpc`), `CENT_URL`, `CENT_API_KEY` and
 * `CENT_TIMEOUT_MS`. An unset or empty variable leaves its option out.
 *
 * @param env the variables; default `process.env`
 * @throws TypeError naming the wrong variable
 */
export function configFromEnv(
  env: Readonly<Record<string, string | undefined>> = globalThis.process?.env ?? {},
): ClientOptions {
  const { CENT_TRANSPORT: transport, CENT_URL: url, CENT_API_KEY: apiKey, CENT_TIMEOUT_MS: timeout } = env;
  const options: ClientOptions = {};
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
  const forLog = () => ({ ...options, ...(options.apiKey !== undefined && { apiKey: "(secret)" }) });
  return Object.defineProperty(options, inspect, { value: forLog });
}
