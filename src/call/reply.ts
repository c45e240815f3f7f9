import type { Message } from "@bufbuild/protobuf";
import { isMessage } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import { CentApiResponseError, ErrorCode } from "../errors/cent-error.ts";
import { headerRecord } from "../errors/map-error.ts";
import type { Method } from "../schema/method-table.ts";
import { decodeFailure } from "../transport/transport-failure.ts";

/** A response, and what its errors say of the way to it. */
export interface Reply {
  readonly message: Message;
  /** The headers and trailers, as errors have them. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** How often the request was given to the transport. */
  readonly attempts: number;
  /** Whether the request may have been executed in an earlier attempt. */
  readonly maybeExecuted: boolean;
  /** The header with the key that was sent, which no error may show. */
  readonly authorization?: string | undefined;
  /**
   * Lets go of the message when its results are made. V8's inline caches hold the functions that ran last, and by them a
   * large message would outlive the call, and be copied by each collection.
   */
  release?(): void;
}

/** The part of a Connect response that a reply needs. An interceptor or a caller's transport may have made it up. */
interface Response {
  readonly message?: unknown;
  readonly header?: Headers;
  readonly trailer?: Headers;
}

/** The reply in a response of a transport. */
export class ReceivedReply implements Reply {
  readonly attempts: number;
  readonly maybeExecuted: boolean;
  readonly authorization: string | undefined;
  #response: Response & { readonly message: Message };
  #headers: Readonly<Record<string, string>> | undefined;

  /** @throws ConnectError where the response has no message of the method's */
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

  /** The error of a reply by which the server says that it failed, which may pass; undefined for any other reply. */
  internalError(method: string): CentApiResponseError | undefined {
    const { error } = fieldsOf(this.message) as { error?: { readonly code?: unknown; message: string } };
    if (error?.code !== ErrorCode.INTERNAL) return undefined;
    const { headers, attempts } = this;
    const options = { method, headers, attempts, maybeExecuted: true };
    return new CentApiResponseError(ErrorCode.INTERNAL, error.message, options);
  }
}
