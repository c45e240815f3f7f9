import type { DescMessage, Message } from "@bufbuild/protobuf";
import { describe, expectObject } from "../codec/caller-values.ts";
import { encodeMessage } from "../codec/encode-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { newMessage } from "../codec/new-message.ts";
import { asPathError, PathError } from "../codec/path-error.ts";
import type { ProxyEvent } from "./event-table.ts";
import type { Denial, Disconnection } from "./handler-types.ts";
import { proxyPayload } from "./proxy-payload.ts";
import { deny, expired, isRefusal } from "./refusals.ts";
import { toSeconds } from "./seconds.ts";

/**
 * Makes the response of whatever a handler gave: a result, a refusal, or nothing. Both transports use it, so they mean the
 * same by it.
 *
 * @throws TypeError naming event and field, for a value that must not be sent
 */
export function writeResponse(event: ProxyEvent, given: unknown): Message {
  const message = newMessage(event.response);
  const [field, value] = decisionOf(event, isNothing(given) ? nothingFor(event) : given);
  const schema = event.response.field[field]?.message;
  if (schema === undefined) throw new TypeError(`${event.name}: Centrifugo takes no ${field} here`);
  fieldsOf(message)[field] = writeMessageOf(event, schema, value);
  return message;
}

/** Makes a message of a handler's value. @throws TypeError naming event and field */
export function writeMessageOf({ name }: ProxyEvent, schema: DescMessage, value: unknown): Message {
  try {
    return encodeMessage(schema, value, proxyPayload, undefined, toSeconds);
  } catch (error) {
    throw new TypeError(`${name}: ${asPathError(error).message}`, { cause: error });
  }
}

/** The response to a request whose handler failed: clients try again. Undefined where Centrifugo ignores errors. */
export function failureResponse(event: ProxyEvent): Message | undefined {
  if (event.about === "expiry" || event.response.field.error === undefined) return undefined;
  const schema = event.response.field.error.message;
  if (schema === undefined) return undefined;
  const message = newMessage(event.response);
  const error = { code: 100, message: "internal server error", temporary: true };
  fieldsOf(message).error = writeMessageOf(event, schema, error);
  return message;
}

/** Whether a response lets a client subscribe: what follows in a stream reaches the client. */
export const isYes = (response: Message): boolean => fieldsOf(response).result !== undefined;

const isNothing = (given: unknown) => given === undefined || given === null || given === false;

function nothingFor({ about }: ProxyEvent): unknown {
  if (about === "report") return {};
  return about === "expiry" ? expired() : deny();
}

/** The field of the response, and its value. */
function decisionOf(event: ProxyEvent, given: unknown): ["result" | "error" | "disconnect", unknown] {
  const { about, name } = event;
  if (isRefusal(given)) {
    // Centrifugo ignores errors and disconnects about what goes on, and would end it without them, too.
    if (about === "expiry") return ["result", { expired: true }];
    if (given.kind === "expired") throw new TypeError(`${name}: expired() is for refresh and subRefresh`);
    return [given.kind === "deny" ? "error" : "disconnect", fieldsOfRefusal(given)];
  }
  if (about === "connect") return connectDecision(name, given);
  if (about === "expiry") return ["result", expiryResult(name, given)];
  return ["result", given];
}

/** A refusal has the fields of its message. */
const fieldsOfRefusal = ({ kind: _kind, ...fields }: Denial | Disconnection): object => fields;

function connectDecision(name: string, given: unknown): ["result" | "error", unknown] {
  const { anonymous, ...result } = fieldsIn(name, given);
  if (anonymous !== undefined && typeof anonymous !== "boolean")
    throw new TypeError(`${name}: anonymous: expected true or false, got ${describe(anonymous)}`);
  const isNamed = result.user !== undefined && result.user !== "";
  if (isNamed && anonymous) throw new TypeError(`${name}: expected user or anonymous: true, got both`);
  // A result that names nobody was meant as a no, or is a mistake.
  return isNamed || anonymous ? ["result", result] : ["error", fieldsOfRefusal(deny())];
}

/** Without a time, Centrifugo would end a connection, but let a subscription go on for ever. */
function expiryResult(name: string, given: unknown): unknown {
  const result = fieldsIn(name, given);
  return result.expireAt === undefined ? { ...result, expired: true } : result;
}

function fieldsIn(name: string, given: unknown): Readonly<Record<string, unknown>> {
  try {
    return expectObject(given);
  } catch (error) {
    throw error instanceof PathError ? new TypeError(`${name}: ${error.message}`) : error;
  }
}
