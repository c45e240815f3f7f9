import type { FoundDefinition } from "../../channels/define-channels.ts";
import { DefinitionError, definitionOf, schemaOutput } from "../../codec/defined-data.ts";
import { runUnder } from "../../codec/path-error.ts";
import type { ProxyEvent } from "../../schema/event-table.ts";
import type { ProxyContext } from "../handler-types.ts";
import type { ProxyCore, ProxyFailure } from "../proxy-core.ts";
import { badRequest, isRefusal } from "../refusals.ts";

/**
 * Puts the schema's output in the place of the request's data. Gives the definition, if there is one.
 *
 * @throws a refusal, Centrifugo's error 107, for data or a name that the definitions refuse
 */
export function checkRequest(
  { definitions, report }: ProxyCore,
  { name }: ProxyEvent,
  request: Record<string, unknown>,
  failure: ProxyFailure,
  { signal }: ProxyContext,
): FoundDefinition | undefined {
  const given = definitions.get(name);
  try {
    const found = given && definitionOf(given, failure.key ?? "");
    if (found) request.data = runUnder("data", () => schemaOutput(found, request.data));
    return found;
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    report(error, failure, signal);
    throw badRequest;
  }
}

/** Checks the data that a handler publishes in place of the client's. @throws PathError naming the field */
export function checkResult(
  { payload }: ProxyCore,
  { key }: ProxyEvent,
  given: unknown,
  definition?: FoundDefinition,
): void {
  const { data } = Object(given) as { data?: unknown };
  if (definition === undefined || key !== "channel" || data === undefined || isRefusal(given)) return;
  runUnder("data", () => schemaOutput(definition, payload.decode(payload.encode(data))));
}
