import type { ConsumerCommand } from "../client/consumer-command.ts";
import { describe, expectObject } from "../codec/caller-values.ts";
import { didYouMean } from "../codec/did-you-mean.ts";
import { PathError, runUnder } from "../codec/path-error.ts";
import type { ConsumerMethod } from "../schema/consumer-methods.ts";
import { consumerMethods, isConsumerMethod } from "../schema/consumer-methods.ts";
import { payloadText } from "./payload-text.ts";

/** A command that a consumer executes, and executes again without harm. */
export interface CheckedCommand {
  readonly method: ConsumerMethod;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The payload as JSON. */
  readonly text: string;
  /** Commands with the same key keep their order: the channel, else the user. Undefined for a broadcast. */
  readonly key: string | undefined;
}

/**
 * Checks a command of `createCommand`, or one that was read from JSON since.
 *
 * @throws PathError for a method or payload that consumers skip, and for a broadcast without an idempotency key
 */
export function checkedCommand(command: ConsumerCommand): CheckedCommand {
  const { method, payload } = expectObject(command);
  if (!isConsumerMethod(method)) {
    const accepted = Object.keys(consumerMethods);
    const meant = typeof method === "string" ? didYouMean(method, accepted) : undefined;
    const problem = `consumers skip ${typeof method === "string" ? `"${method}"` : describe(method)}`;
    throw new PathError(`${problem}; ${meant ?? `they take only ${accepted.join(", ")}`}`, {
      path: "method",
    });
  }
  const fields = runUnder("payload", () => expectObject(payload));
  if (method === "broadcast" && !isText(fields.idempotency_key)) {
    const reason = "a consumer repeats the whole broadcast if one of its channels fails with error 100";
    throw new PathError(`is needed, because ${reason}`, { path: "idempotencyKey" });
  }
  const text = runUnder("payload", () => payloadText(method, fields));
  const key = method === "broadcast" ? undefined : (fields.channel ?? fields.user ?? "");
  return { method, payload: fields, text, key: key as string | undefined };
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
