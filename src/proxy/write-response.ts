import type { DescMessage, Message } from "@bufbuild/protobuf";
import { describe, expectObject } from "../codec/caller-values.ts";
import { encodeMessage } from "../codec/encode-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { newMessage } from "../codec/new-message.ts";
import { PathError } from "../codec/path-error.ts";
import { toSeconds } from "../codec/seconds.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { deny, isRefusal } from "./refusals.ts";

type Core = Pick<ProxyCore, "payload">;
/** A field of a response, and its value. */
type Decision = readonly [field: "result" | "error" | "disconnect", value: unknown];

/**
 * Makes the response of whatever a handler gave: a result, a refusal, or nothing. Both transports use it, so they mean the
 * same by it.
 *
 * @throws PathError naming the field, for a value that must not be sent
 */
export function writeResponse(core: Core, event: ProxyEvent, given: unknown): Message {
  const isNothing = given === undefined || given === null || given === false;
  return write(core, event, isNothing ? decisionOfNothing(event) : decisionOf(event, given));
}

/** The response to a request whose handler failed: clients try again. Undefined where Centrifugo ignores errors. */
export function failureResponse(core: Core, event: ProxyEvent): Message | undefined {
  if (event.about === "expiry" || event.response.field.error === undefined) return undefined;
  return write(core, event, ["error", { code: 100, message: "internal server error", temporary: true }]);
}

/** Makes a message of a handler's value. @throws PathError naming the field */
export function writeValue({ payload }: Core, schema: DescMessage, value: unknown): Message {
  return encodeMessage(schema, value, payload, undefined, toSeconds);
}

function write(core: Core, { response }: ProxyEvent, [field, value]: Decision): Message {
  const schema = response.field[field]?.message;
  if (schema === undefined) throw new PathError(`Centrifugo takes no ${field} here`);
  const message = newMessage(response);
  fieldsOf(message)[field] = writeValue(core, schema, value);
  return message;
}

function decisionOfNothing({ about }: ProxyEvent): Decision {
  if (about === "report") return ["result", {}];
  return about === "expiry" ? ["result", { expired: true }] : denied();
}

const denied = () => decisionOf({ about: "access" }, deny());

function decisionOf({ about }: Pick<ProxyEvent, "about">, given: unknown): Decision {
  if (isRefusal(given)) {
    // Centrifugo ignores errors and disconnects about what goes on, and would end it without them, too.
    if (about === "expiry") return ["result", { expired: true }];
    const { kind, ...rest } = given;
    if (kind === "expired") throw new PathError("expired() is for refresh and subRefresh");
    return [kind === "deny" ? "error" : "disconnect", rest];
  }
  const result = expectObject(given);
  if (about === "connect") return connectDecision(result);
  // Centrifugo would end a connection without a time, but let a subscription go on for ever.
  if (about === "expiry" && result.expireAt === undefined) return ["result", { ...result, expired: true }];
  return ["result", result];
}

function connectDecision({ anonymous, ...result }: Readonly<Record<string, unknown>>): Decision {
  if (anonymous !== undefined && typeof anonymous !== "boolean")
    throw new PathError(`expected true or false, got ${describe(anonymous)}`, { path: "anonymous" });
  const isNamed = result.user !== undefined && result.user !== "";
  if (isNamed && anonymous) throw new PathError("expected user or anonymous: true, got both");
  // A result that names nobody was meant as a no, or is a mistake.
  return isNamed || anonymous ? ["result", result] : denied();
}
