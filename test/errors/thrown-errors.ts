// The errors that transports throw, for tests of the mapper.
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorSchema } from "#api";
import type { CallRecord } from "../../src/errors/map-error.ts";
import type { ReplyStatus } from "../../src/transport/transport-failure.ts";
import { statusFailure } from "../../src/transport/transport-failure.ts";

export const once: CallRecord = { attempts: 1, maybeExecuted: false, key: "apiKey" };

/** An error of Node.js or undici. */
export const nodeError = (fields: object, message = "x") => Object.assign(new Error(message), fields);

/** The error of a response with a status, as our transports throw it. */
export const withStatus = (status: ReplyStatus, code = Code.Unknown, message = "x") =>
  statusFailure(message, status, code);

/** The error of another Connect transport, with a status from the wire. */
export function foreign(message: string, code: Code): ConnectError {
  const error = new ConnectError(message, code);
  Object.defineProperty(error, "isWireError", { value: true });
  return error;
}

export const http = (httpStatus: number) => withStatus({ httpStatus });
export const grpc = (grpcStatus: Code, message?: string) => withStatus({ grpcStatus }, grpcStatus, message);
export const apiError = (code: number) =>
  new ConnectError("x", Code.Unknown, undefined, [
    { desc: ErrorSchema, value: create(ErrorSchema, { code, message: "said" }) },
  ]);
