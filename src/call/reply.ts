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
}

/** The part of a Connect response that a reply needs. An interceptor or a caller's transport may have made it up. */
interface Response {
  readonly message?: unknown;
  readonly header?: Headers;
  readonly trailer?: Headers;
}

/** The reply in a response of a transport. */
export class ReceivedReply implements Reply {
  readonly message: Message;
  readonly attempts: number;
  readonly maybeExecuted: boolean;
  readonly #response: Response;
  #headers: Readonly<Record<string, string>> | undefined;

  /** @throws ConnectError where the response has no message of the method's */
  constructor(response: unknown, { output }: Method["rpc"], attempts: number, maybeExecuted: boolean) {
    this.#response = Object(response) as Response;
    const { message } = this.#response;
    if (!isMessage(message, output))
      throw decodeFailure(`an interceptor or transport gave no ${output.name}`);
    this.message = message;
    this.attempts = attempts;
    this.maybeExecuted = maybeExecuted;
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
