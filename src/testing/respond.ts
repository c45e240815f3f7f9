import type { Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { fieldsOf } from "../codec/message-fields.ts";
import { hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method } from "../schema/method-table.ts";
import type { ApiError } from "./brokers/api-error.ts";
import { errorMessage } from "./brokers/api-error.ts";

/** The response with a result in it. A response without a `result`, such as `batch`'s, is the result itself. */
export function resultResponse(method: Method, result: Message): Message {
  if (!hasErrorOrResult(method.rpc.output)) return result;
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
