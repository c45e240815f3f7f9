import type { DescMessage, Message } from "@bufbuild/protobuf";
import type { ChannelChecks } from "../codec/channel-checks.ts";
import type { ResultOptions } from "../codec/decode-message.ts";
import { decodeMessage } from "../codec/decode-message.ts";
import { issuesOf } from "../codec/defined-data.ts";
import { channelOf, fieldsOf } from "../codec/message-fields.ts";
import { errorUnder, PathError } from "../codec/path-error.ts";
import type { CentError } from "../errors/cent-error.ts";
import { CentApiResponseError, CentDecodeError } from "../errors/cent-error.ts";
import type { SentSecrets } from "../errors/hide-secret.ts";
import { apiErrorMaybeExecuted } from "../errors/maybe-executed.ts";
import { hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method } from "../schema/method-table.ts";
import { inReply } from "../transport/transport-failure.ts";
import type { Item } from "./items.ts";
import type { Reply } from "./reply.ts";
import { keepAttempts } from "./result-attempts.ts";

/** The item of one part of a request. Its error is the server's, or a CentDecodeError for an incomplete response. */
export type WalkedItem = Item<object> | { readonly ok: false; readonly error: CentError };

/** A client's options for results, and the secrets to hide in errors. */
export type WalkOptions = Omit<ResultOptions, "item"> & {
  readonly secrets: SentSecrets;
  readonly checks?: ChannelChecks | undefined;
};

/** Reads the results of one method in a reply. Errors name that method. */
export class ReplyWalk implements ResultOptions {
  readonly payload: ResultOptions["payload"];
  readonly int64: ResultOptions["int64"];
  readonly method: Method;
  /** The request whose result is read next. */
  request: Message;
  readonly #secrets: SentSecrets;
  readonly #reply: Reply;

  constructor({ payload, int64, secrets }: WalkOptions, method: Method, request: Message, reply: Reply) {
    this.payload = payload;
    this.int64 = int64;
    this.method = method;
    this.request = request;
    this.#secrets = secrets;
    this.#reply = reply;
  }

  /** Makes items of nested messages too, such as the `responses` of a broadcast. */
  item(schema: DescMessage): ((message: Message) => Item<object>) | undefined {
    if (!hasErrorOrResult(schema)) return undefined;
    let index = 0;
    return (message) => this.walk(schema, message, "result", "result", index++);
  }

  /**
   * The item of a message with an `error`, or a result in `field`. Error messages call that field `shown`.
   *
   * @param index the item's place in the request's `channels`
   */
  walk(schema: DescMessage, message: Message, field: string, shown = field, index?: number): Item<object> {
    const { error, [field]: result } = fieldsOf(message);
    if (error !== undefined) return { ok: false, error: this.apiError(error, index) };
    const resultSchema = schema.field[field]?.message;
    if (result === undefined || resultSchema === undefined)
      throw new PathError(`neither ${shown} nor error is there`);
    try {
      return { ok: true, result: this.result(resultSchema, result as Message) };
    } catch (thrown) {
      throw errorUnder(shown, thrown);
    }
  }

  result(schema: DescMessage, message: Message): object {
    return keepAttempts(decodeMessage(schema, message, this), this.#reply.attempts);
  }

  /** The server's error in a reply. A proxy may have put the key into its message. */
  apiError(error: unknown, index?: number): CentApiResponseError {
    const { code, message } = error as { code: number; message: string };
    const { headers, attempts } = this.#reply;
    const maybeExecuted = this.#reply.maybeExecuted || apiErrorMaybeExecuted(code);
    const channel = channelOf(this.request, index);
    const options = { method: this.method.name, channel, headers, attempts, maybeExecuted };
    const made = new CentApiResponseError(code, message, options);
    this.#secrets.hideIn(made, this.#reply.authorization);
    return made;
  }

  /** Converts a PathError to a CentDecodeError; returns other values unchanged. */
  errorFor(thrown: unknown): unknown {
    if (!(thrown instanceof PathError)) return thrown;
    const { name } = this.method;
    const { headers, attempts } = this.#reply;
    const options = {
      method: name,
      cause: thrown,
      headers,
      attempts,
      maybeExecuted: true,
      issues: issuesOf(thrown),
    };
    const made = new CentDecodeError(`${name}: ${inReply(thrown)}`, options);
    this.#secrets.hideIn(made, this.#reply.authorization);
    return made;
  }

  /** A failed item for a thrown value. */
  failedItem(thrown: unknown): WalkedItem {
    return { ok: false, error: this.errorFor(thrown) as CentError };
  }
}
