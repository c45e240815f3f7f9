import { create } from "@bufbuild/protobuf";
import type { Error as ErrorMessage } from "#api";
import { ErrorSchema } from "#api";

/** An API error. The server answers it in the response, or in transport error mode as a status. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;

  constructor(code: number, message: string = knownErrors.get(code)?.message ?? `error ${code}`) {
    super(message);
    this.code = code;
  }

  /** The HTTP status of the error in transport error mode. */
  get httpStatus(): number {
    return knownErrors.get(this.code)?.http ?? 500;
  }

  /** The gRPC status of the error in transport error mode. */
  get grpcStatus(): number {
    return knownErrors.get(this.code)?.grpc ?? 13;
  }
}

const knownErrors: ReadonlyMap<number, { message: string; http: number; grpc: number }> = new Map([
  [100, { message: "internal server error", http: 500, grpc: 13 }],
  [102, { message: "unknown channel", http: 404, grpc: 5 }],
  [104, { message: "not found", http: 404, grpc: 5 }],
  [107, { message: "bad request", http: 400, grpc: 3 }],
  [108, { message: "not available", http: 400, grpc: 3 }],
  [112, { message: "unrecoverable position", http: 416, grpc: 11 }],
  [113, { message: "conflict", http: 409, grpc: 6 }],
]);

export const internalError = (): ApiError => new ApiError(100);
export const unknownChannel = (): ApiError => new ApiError(102);
export const notFound = (): ApiError => new ApiError(104);
export const badRequest = (): ApiError => new ApiError(107);
export const notAvailable = (): ApiError => new ApiError(108);
export const unrecoverablePosition = (): ApiError => new ApiError(112);

/** The error as the API's message. */
export function errorMessage({ code, message }: ApiError): ErrorMessage {
  return create(ErrorSchema, { code, message });
}
