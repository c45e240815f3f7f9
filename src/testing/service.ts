import type { Message } from "@bufbuild/protobuf";
import type { ConnectRouter, HandlerContext } from "@connectrpc/connect";
import { Code, ConnectError } from "@connectrpc/connect";
import { ErrorSchema } from "#api";
import { hasError } from "../schema/error-or-result.ts";
import type { Method } from "../schema/method-table.ts";
import type { Backend } from "./backend.ts";
import { ApiError } from "./brokers/api-error.ts";
import type { CallTransport } from "./calls.ts";
import { FaultError, faultGrpcStatus } from "./faults.ts";
import { errorResponse, resultResponse } from "./respond.ts";

/** The part of a transport that the service needs. */
export interface ServiceTransport {
  readonly name: CallTransport;
  /** Called before a method runs. */
  readonly reached?: (context: HandlerContext) => void;
  /** Closes the connection of a call. In memory it throws the client's error instead. */
  readonly drop: (context: HandlerContext) => void;
}

/** Registers Centrifugo's API with a Connect router. Methods that the server lacks are unimplemented. */
export function registerService(router: ConnectRouter, backend: Backend, transport: ServiceTransport): void {
  for (const method of backend.table.methods) {
    router.rpc(method.rpc, async (request, context) => {
      transport.reached?.(context);
      if (!backend.has(method)) {
        throw new ConnectError(`method ${method.rpc.name} not implemented`, Code.Unimplemented);
      }
      return answer(backend, transport, method, request, context);
    });
  }
}

async function answer(
  backend: Backend,
  transport: ServiceTransport,
  method: Method,
  request: Message,
  context: HandlerContext,
): Promise<Message> {
  try {
    const headers = Object.fromEntries(context.requestHeader);
    return resultResponse(method, await backend.handle(method, request, transport.name, headers));
  } catch (error) {
    if (error instanceof ApiError) {
      if (hasError(method.rpc.output) && !usesTransportErrors(backend, context))
        return errorResponse(method, error);
      const { code, message, grpcStatus } = error;
      throw new ConnectError(message, grpcStatus, undefined, [
        { desc: ErrorSchema, value: { code, message } },
      ]);
    }
    if (!(error instanceof FaultError)) throw error;
    if (error.fault.drop) transport.drop(context);
    throw new ConnectError(
      error.fault.message ?? error.message,
      faultGrpcStatus(error.fault) ?? Code.Unavailable,
    );
  }
}

function usesTransportErrors(backend: Backend, context: HandlerContext): boolean {
  const [mode] = context.requestHeader.get("x-centrifugo-error-mode")?.split(", ") ?? [];
  return backend.engine.options.grpc.transportErrors || mode === "transport";
}
