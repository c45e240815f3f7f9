import type { CentClient } from "../client/client-types.ts";
import { createClient } from "../client/create-client.ts";
import type { AnyOptions } from "../options/check-client-options.ts";
import type { ClientOptions } from "../options/client-options.ts";
import { readEnvironment } from "../options/config-from-env.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { Arguments } from "./arguments.ts";
import { CliError, refusing } from "./cli-error.ts";
import type { Surroundings } from "./command.ts";
import { readExact, writeExact } from "./exact-json.ts";
import { readText } from "./read-text.ts";

/** The client options in the arguments, or else in the environment. @throws CliError for wrong ones */
export function clientOptions(
  given: Arguments,
  { environment }: Pick<Surroundings, "environment">,
): AnyOptions {
  const { transport, url, apiKey, timeoutMs } = refusing(() =>
    readEnvironment({
      CENT_TRANSPORT: environment.CENT_TRANSPORT,
      CENT_URL: environment.CENT_URL,
      CENT_API_KEY: environment.CENT_API_KEY,
      CENT_TIMEOUT_MS: given.has("timeout-ms") ? undefined : environment.CENT_TIMEOUT_MS,
    }),
  );
  if (given.has("api-key") && given.has("api-key-file"))
    throw new CliError("--api-key: expected no --api-key-file beside it");
  const asked = given.value("transport");
  if (asked !== undefined && asked !== "http" && asked !== "grpc")
    throw new CliError("--transport: expected http or grpc");
  const limit = given.value("timeout-ms");
  if (limit !== undefined && !/^\d+$/.test(limit)) throw new CliError("--timeout-ms: expected milliseconds");
  const keyFile = given.value("api-key-file");
  const pem = (name: string) => given.value(name) && readText(given.value(name) ?? "");
  const tls = { ca: pem("tls-ca"), cert: pem("tls-cert"), key: pem("tls-key") };
  return {
    transport: asked ?? transport,
    url: given.value("url") ?? url,
    apiKey: given.value("api-key") ?? (keyFile === undefined ? apiKey : keyIn(keyFile)),
    timeoutMs: limit === undefined ? timeoutMs : Number(limit),
    ...(Object.values(tls).some((one) => one !== undefined) && { tls }),
  };
}

function keyIn(file: string): string {
  const key = readText(file).trim();
  if (key === "") throw new CliError(`${file}: expected a key`);
  return key;
}

/** The client of a command: 64-bit integers lose no digit. */
export type CliClient = CentClient<DefaultService, "bigint">;

/** Opens the client of a command, lets it work, and closes it. @throws CliError for wrong options */
export async function withClient<T>(
  given: Arguments,
  surroundings: Surroundings,
  work: (client: CliClient, options: AnyOptions) => Promise<T>,
): Promise<T> {
  const options = clientOptions(given, surroundings);
  if (options.url === undefined) throw new CliError("expected --url, or CENT_URL: the address of the API");
  const json = { stringify: writeExact, parse: readExact };
  const exact = { ...options, int64: "bigint", json } as ClientOptions<DefaultService, "bigint">;
  const client = refusing(() => createClient(exact));
  try {
    return await work(client, options);
  } finally {
    await client.close();
  }
}
