import { inspect } from "node:util";
import { expect } from "vitest";
import type { CentClient, ClientOptions } from "../../src/index.ts";
import { CentError, createClient, isCentError } from "../../src/index.ts";
import type { ListeningServer } from "./listening-server.ts";
import type { Protocol } from "./scripted-server.ts";

/** The api key of all calls that fail; no error may show it. */
export const secret = "secret-key-123";

/** A client that sends the secret to a server on loopback. */
export function clientOf(
  protocol: Protocol,
  server: Pick<ListeningServer, "port">,
  options: Partial<Omit<ClientOptions, "int64" | "service">> = {},
): CentClient {
  const path = protocol === "http" ? "/api" : "";
  return createClient({
    transport: protocol,
    url: `http://127.0.0.1:${server.port}${path}`,
    apiKey: secret,
    // Most tests are about a single attempt.
    retry: false,
    ...options,
  });
}

/** The reason with which a promise rejects. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ("error" in outcome) return outcome.error;
  throw new Error(`expected a rejection, got ${inspect(outcome.value)}`);
}

type ErrorClass<E extends CentError> = abstract new (...args: never[]) => E;

/** Checks the properties that every error of a call has, and its exact class. */
export function expectError<E extends CentError>(
  error: unknown,
  kind: ErrorClass<E>,
  expected: { method?: string | undefined; cause?: boolean } = {},
): E {
  const { method, cause } = { method: "publish", cause: true, ...expected };
  if (!(error instanceof kind)) expect.fail(`expected a ${kind.name}, got ${inspect(error, { depth: 4 })}`);
  expect(error.constructor).toBe(kind);
  expect(error).toBeInstanceOf(CentError);
  expect(error.name).toBe(kind.name);
  expect(isCentError(error)).toBe(true);
  expect(error.method).toBe(method);
  if (cause) expect(error.cause).toBeInstanceOf(Error);
  expectNoSecret(error);
  return error;
}

function expectNoSecret(error: Error): void {
  for (const shown of [
    inspect(error, { depth: 10, showHidden: true }),
    error.message,
    `${error.stack}`,
    JSON.stringify(error),
  ]) {
    expect(shown).not.toContain(secret);
  }
}
