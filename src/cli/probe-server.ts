import { createPostClient } from "#post";
import { hideSecret } from "../errors/hide-secret.ts";
import { ConnectError } from "../limits/connect-error.ts";
import { startWithin } from "../limits/run-within.ts";
import { authorization } from "../options/authorization.ts";
import type { AnyOptions } from "../options/check-client-options.ts";
import { checkClientOptions } from "../options/check-client-options.ts";
import type { Method } from "../schema/method-table.ts";
import { checkStatus } from "../transport/http/check-status.ts";
import type { PostClient, PostResponse } from "../transport/http/post-client.ts";
import { endpointAt } from "../transport/http/post-client.ts";
import { withoutTrailingSlashes } from "../transport/trailing-slashes.ts";
import { CliError, refusing } from "./cli-error.ts";

/** The options of a client that matter here, of which `url` is known. */
export interface ServerAddress extends AnyOptions {
  readonly url: string | URL;
}

/** This body is not JSON, so a server that has the method refuses the request and executes nothing. */
const unreadable = "{";
/** A method that no server has. A server that seems to have it would seem to have any method. */
const nobodys = "no_such_method";

/**
 * Finds out which methods a server has, without executing any.
 *
 * @throws CliError if the server's replies do not show it
 */
export async function probeServer(
  address: ServerAddress,
  methods: readonly Method[],
): Promise<{ url: string; has: ReadonlySet<Method> }> {
  const { timeoutMs, tls } = refusing(() => checkClientOptions(address));
  const url = new URL(address.url);
  if (address.transport === "grpc") {
    const { probeGrpc } = await import("./probe-grpc.ts");
    return { url: url.href, has: await probeGrpc({ url, timeoutMs, tls }, methods) };
  }
  const client = refusing(() => createPostClient({ origin: url.origin, tls }));
  const apiKey = address.apiKey as string | undefined;
  const has = (path: string) => hasMethod(client, { url, apiKey, timeoutMs }, path);
  try {
    if (await has(nobodys)) {
      throw new CliError(
        `${url.href} takes any path for a method, as with handler_prefix "/", so its methods cannot be found out`,
      );
    }
    const answers = await Promise.all(
      methods.map(async (method) => ((await has(method.path)) ? [method] : [])),
    );
    const found = answers.flat();
    if (found.length === 0) {
      throw new CliError(
        `no Centrifugo API at ${url.href} (HTTP 404 for each method); the address ends with its handler_prefix, /api by default`,
      );
    }
    return { url: url.href, has: new Set(found) };
  } finally {
    await client.close();
  }
}

interface CheckedAddress {
  readonly url: URL;
  readonly apiKey: string | undefined;
  /** Milliseconds for each reply. */
  readonly timeoutMs: number;
}

async function hasMethod(client: PostClient, address: CheckedAddress, path: string): Promise<boolean> {
  const { url: base, apiKey, timeoutMs } = address;
  const endpoint = endpointAt(`${withoutTrailingSlashes(base.href)}/${path}`);
  const headers = { ...(await authorization(apiKey, undefined)()), "content-type": "application/json" };
  try {
    const reply = await startWithin<PostResponse>(timeoutMs, undefined, (work) =>
      client.post(
        { endpoint, headers, body: unreadable },
        work,
        (response) => work.resolve(response),
        (reason) => work.reject(reason),
      ),
    );
    const { status } = reply;
    if (status === 400) return true;
    if (status === 404) return false;
    if (status !== 401) checkStatus(reply, endpoint);
    throw new CliError(
      status === 401
        ? unauthorized(base, apiKey)
        : `${base.href} is not a Centrifugo API: HTTP ${status} for a body that is not JSON`,
    );
  } catch (thrown) {
    const error = thrown instanceof CliError ? thrown : unreachable(base, thrown);
    if (apiKey !== undefined) hideSecret(error, apiKey);
    throw error;
  }
}

function unauthorized(url: URL, apiKey: string | undefined): string {
  return apiKey === undefined
    ? `${url.href} wants a key (HTTP 401): give it as CENT_API_KEY or --api-key`
    : `${url.href} refuses this key (HTTP 401); expected the key in http_api.key`;
}

/** The error for a missing reply, or for a reply that is not Centrifugo's. */
function unreachable(url: URL, thrown: unknown): CliError {
  const { rawMessage, cause } = ConnectError.from(thrown);
  const parserError =
    cause instanceof Error && cause.cause instanceof Error && cause.cause.name === "HTTPParserError";
  const hint = parserError ? "; if that is a gRPC port, give the address of the HTTP API" : "";
  const reason = rawMessage.replace(` (${url.origin})`, "");
  return new CliError(`${url.href}: ${reason}${hint}`, { cause: thrown });
}
