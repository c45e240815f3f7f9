import type { Message } from "@bufbuild/protobuf";
import { classOf } from "../codec/caller-values.ts";
import { parseExactly } from "../codec/json/parse-exactly.ts";
import { readMessage } from "../codec/json/read-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { PathError } from "../codec/path-error.ts";
import { CentApiResponseError, ErrorCode } from "../errors/cent-error.ts";
import { apiErrorMaybeExecuted } from "../errors/maybe-executed.ts";
import { isConsumerMethod } from "../schema/consumer-methods.ts";
import type { Method } from "../schema/method-table.ts";
import type { Backend } from "./backend.ts";
import { ApiError } from "./brokers/api-error.ts";
import { FaultError } from "./faults.ts";

/** A command of `createCommand`, a row of an outbox table, or the method and body of a message. */
export interface ConsumerMessage {
  /** The method under the server's name. Default: the payload has both, as in `{ "method": …, "payload": … }`. */
  readonly method?: string | undefined;
  /** The request with the server's names: an object, or its JSON as a string or as bytes. */
  readonly payload: unknown;
}

/** The end of a command, as a consumer sees it. */
export interface Consumed {
  /**
   * "executed": Centrifugo executed the command. "skipped": Centrifugo logs the reason and drops the command. "retried":
   * Centrifugo keeps the command and executes it again later, the channels of a broadcast that succeeded included.
   */
  readonly outcome: "executed" | "skipped" | "retried";
  /** Why the command was skipped or is retried. */
  readonly reason?: string;
  /** The error of the API, if there is one. */
  readonly error?: CentApiResponseError;
}

/** Executes a command as a consumer would. */
export async function consume(backend: Backend, command: ConsumerMessage): Promise<Consumed> {
  try {
    const { method, payload } = isGiven(command.method) ? command : readBoth(command.payload);
    const found = isConsumerMethod(method) ? backend.table.byPath(method) : undefined;
    if (found === undefined)
      return skipped(`consumers do not execute ${method ?? "a command without a method"}`);
    const message = readMessage(found.rpc.input, textOf(payload));
    return await execute(backend, found, message);
  } catch (error) {
    if (error instanceof PathError || error instanceof SyntaxError)
      return skipped(`malformed: ${error.message}`);
    throw error;
  }
}

async function execute(backend: Backend, method: Method, message: Message): Promise<Consumed> {
  const channel = fieldsOf(message).channel as string | undefined;
  const failed = ({ code, message: said }: Pick<ApiError, "code" | "message">): Consumed => {
    const maybeExecuted = apiErrorMaybeExecuted(code);
    const error = new CentApiResponseError(code, said, { method: method.name, channel, maybeExecuted });
    return { outcome: code === ErrorCode.INTERNAL ? "retried" : "skipped", reason: error.message, error };
  };
  try {
    const result = await backend.handle(method, message, "consumer", {});
    const { responses = [] } = fieldsOf(result) as { responses?: readonly { error?: ApiError }[] };
    const internal = responses.find(({ error }) => error?.code === ErrorCode.INTERNAL)?.error;
    return internal === undefined ? { outcome: "executed" } : failed(internal);
  } catch (error) {
    if (error instanceof ApiError) return failed(error);
    if (error instanceof FaultError)
      throw new TypeError(
        "consume: a consumer has no connection that could fail; order a failure with a code",
      );
    throw error;
  }
}

/** The method and payload in one text. The payload may be a JSON text in a string, as Debezium writes it. */
function readBoth(body: unknown): { method?: unknown; payload?: unknown } {
  return (parseExactly(textOf(body)) as object | null) ?? {};
}

function textOf(payload: unknown): string {
  if (typeof payload === "string") return payload;
  if (classOf(payload) === "Uint8Array") return Buffer.from(payload as Uint8Array).toString("utf8");
  return JSON.stringify(payload) ?? "";
}

const isGiven = (method: unknown) => method !== undefined && method !== null && method !== "";
const skipped = (reason: string): Consumed => ({ outcome: "skipped", reason });
