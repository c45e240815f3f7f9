import type { Message } from "@bufbuild/protobuf";
import type { ProxyEvent } from "../../schema/event-table.ts";
import { plainRequest } from "../calls.ts";

/** The proxy's answer to Centrifugo: one of the three. Fields that have their zero value are left out; times are seconds. */
export type ProxyAnswer<Result = unknown> =
  | { readonly result: Result; readonly error?: undefined; readonly disconnect?: undefined }
  | { readonly error: ProxyAnswerError; readonly result?: undefined; readonly disconnect?: undefined }
  | { readonly disconnect: ProxyAnswerDisconnect; readonly result?: undefined; readonly error?: undefined };

/** An error that the client sees. */
export interface ProxyAnswerError {
  readonly code: number;
  readonly message: string;
  /** True if the client may try again. */
  readonly temporary?: true;
}

/** A disconnect that the client sees. */
export interface ProxyAnswerDisconnect {
  readonly code: number;
  readonly reason: string;
}

/** The fields that each request about a client has. */
export function usualFields({ request }: ProxyEvent): object {
  if (request.field.client === undefined) return {};
  return { client: "test-client", transport: "websocket", protocol: "json", encoding: "json" };
}

/** The answer of a response, with the fields that are set. */
export function answerOf({ response }: ProxyEvent, message: Message): ProxyAnswer {
  const { disconnect, error, result } = plainRequest(response, message) as ProxyAnswer & object;
  // In the server's order.
  if (disconnect !== undefined) return { disconnect };
  if (error !== undefined) return { error };
  return { result };
}

/** A result of the proxy, or the claims of a token in its place. */
export type Result = Readonly<Record<string, unknown>>;
