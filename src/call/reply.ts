import type { Message } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import { CentApiResponseError, ErrorCode } from "../errors/cent-error.ts";
import { headerRecord } from "../errors/map-error.ts";
import { isMessage } from "../schema/messages.ts";
import type { Method } from "../schema/method-table.ts";
import { decodeFailure } from "../transport/transport-failure.ts";

/** A response, with the facts that an error about it reports. */
export interface Reply {
  readonly message: Message;
  /** The headers and trailers, names in lower case; undefined if there are none. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** How often the request was given to the transport. */
  readonly attempts: number;
  /** Whether an earlier attempt may have been executed. */
  readonly maybeExecuted: boolean;
  /** The `authorization` header that was sent. Errors must not show it. */
  readonly authorization?: string | undefined;
  /**
   * Drops the message once its results are made. Otherwise V8's inline caches, which hold recent functions, would keep
   * a large message alive after the call, and each collection would copy it.
   */
  release?(): void;
}

/** The used part of a Connect response. Parts may be missing: an interceptor or a caller's transport can make one. */
interface Response {
  readonly message?: unknown;
  readonly header?: Headers;
  readonly trailer?: Headers;
}

/** The reply made from a transport's response. */
export class ReceivedReply implements Reply {
  readonly attempts: number;
  readonly maybeExecuted: boolean;
  readonly authorization: string | undefined;
  #response: Response & { readonly message: Message };
  #headers: Readonly<Record<string, string>> | undefined;

  /** @throws ConnectError if the response has no message of the method's output type */
  constructor(
    response: unknown,
    { output }: Method["rpc"],
    attempts: number,
    maybeExecuted: boolean,
    authorization?: string,
  ) {
    const { message } = Object(response) as Response;
    if (!isMessage(message, output))
      throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
    this.#response = response as Response & { readonly message: Message };
    this.attempts = attempts;
    this.maybeExecuted = maybeExecuted;
    this.authorization = authorization;
  }

  get message(): Message {
    return this.#response.message;
  }

  release(): void {
    this.#response = { message: { $typeName: "" } };
  }

  get headers(): Readonly<Record<string, string>> | undefined {
    const { header = [], trailer = [] } = this.#response;
    this.#headers ??= headerRecord(new Headers([...header, ...trailer]));
    return this.#headers;
  }

  /** The error of a reply with code INTERNAL, which a retry may cure; undefined for any other reply. */
  internalError(method: string, channel: string | undefined): CentApiResponseError | undefined {
    const { error } = fieldsOf(this.message) as { error?: { readonly code?: unknown; message: string } };
    if (error?.code !== ErrorCode.INTERNAL) return undefined;
    const { headers, attempts } = this;
    const options = { method, channel, headers, attempts, maybeExecuted: true };
    return new CentApiResponseError(ErrorCode.INTERNAL, error.message, options);
  }
}
