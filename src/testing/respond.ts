import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { fieldsOf } from "../message-fields.ts";
import type { Method } from "../methods.ts";
import type { ApiError } from "./engine/api-error.ts";
import { errorMessage } from "./engine/api-error.ts";

/** The response with a result in it; that of `batch` has nothing around its replies. */
export function resultResponse(method: Method, result: Message): Message {
  if (method.command === undefined) return result;
  const response = create(method.rpc.output);
  fieldsOf(response).result = result;
  return response;
}

/** The response with an error in it. */
export function errorResponse(method: Method, error: ApiError): Message {
  const response = create(method.rpc.output);
  fieldsOf(response).error = errorMessage(error);
  return response;
}
