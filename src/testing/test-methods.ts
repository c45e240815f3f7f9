import type { DescMessage, DescService, Message } from "@bufbuild/protobuf";
import type { RequestValue } from "../call/request-types.ts";
import { encodeMessage } from "../codec/encode-message.ts";
import { createPayload } from "../codec/payload.ts";
import { CentApiResponseError } from "../errors/cent-error.ts";
import { hasErrorOrResult } from "../schema/error-or-result.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import type {
  Command,
  DefaultService,
  IsUntyped,
  LoneRequest,
  LoneResponse,
  MethodName,
  Reply,
} from "../schema/service-types.ts";
import { ApiError } from "./brokers/api-error.ts";
import { plainRequest } from "./calls.ts";

/** The request that a handler gets, as the client writes it, without fields that have their zero value. */
export type TestRequest<
  Name extends string,
  Service extends DescService = DefaultService,
> = Name extends keyof Command<Service>
  ? RequestValue<NonNullable<Command<Service>[Name]>>
  : RequestValue<LoneRequest<Name, Service>>;

/** The plain object that a handler returns: the result, or the response of a method without a result. */
export type TestResult<
  Name extends string,
  Service extends DescService = DefaultService,
> = Name extends keyof Reply<Service>
  ? RequestValue<NonNullable<Reply<Service>[Name]>>
  : "result" extends keyof LoneResponse<Name, Service>
    ? RequestValue<Exclude<LoneResponse<Name, Service>["result"], undefined>>
    : RequestValue<LoneResponse<Name, Service>>;

/**
 * A test's own handlers, by the client's names of methods. A handler gets the request and returns the result, both as the
 * client has them. The server answers with a `CentApiResponseError` that it throws, and with error 100 for any other.
 */
export type TestMethods<Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true
    ? { readonly [Name in string]: (request: Record<string, unknown>) => object }
    : {
        readonly [Name in MethodName<Service>]?: (
          request: TestRequest<Name, Service>,
        ) => TestResult<Name, Service>;
      };

/** Any handler, without the types of its method. */
type Handler = (request: Record<string, unknown>) => unknown;

const payload = createPayload(undefined);

/** Runs the test's own handlers on messages. */
export class OwnMethods {
  readonly #table: MethodTable;
  readonly #handlers: ReadonlyMap<Method, Handler>;

  /** @throws TypeError for a name that is no method of the service, or a handler that is no function. */
  constructor(table: MethodTable, handlers: object = {}) {
    this.#table = table;
    this.#handlers = new Map(
      Object.entries(handlers as Record<string, unknown>).map(([name, handler]) => [
        this.#named(name),
        callable(name, handler),
      ]),
    );
  }

  has(method: Method): boolean {
    return this.#handlers.has(method);
  }

  /** @throws ApiError for any error of the handler. */
  run(method: Method, request: Message): Message {
    try {
      const result = this.#handlers.get(method)?.(plainRequest(method.rpc.input, request));
      return encodeMessage(resultSchema(this.#table, method), result, payload);
    } catch (error) {
      if (error instanceof CentApiResponseError) throw new ApiError(error.code, error.serverMessage);
      throw new ApiError(100, `methods.${method.name}: ${error instanceof Error ? error.message : error}`);
    }
  }

  #named(name: string): Method {
    const method = this.#table.byName(name);
    if (method === undefined || method === this.#table.batch)
      throw new TypeError(`methods: expected the client's names of methods, as in "publish", got "${name}"`);
    return method;
  }
}

function callable(name: string, handler: unknown): Handler {
  if (typeof handler !== "function")
    throw new TypeError(`methods.${name}: expected a function, got ${typeof handler}`);
  return handler as Handler;
}

/** The message type of a method's result. */
export function resultSchema({ reply }: MethodTable, { name, command, rpc }: Method): DescMessage {
  const field =
    command === undefined ? hasErrorOrResult(rpc.output) && rpc.output.field.result : reply.field[name];
  return (field || undefined)?.message ?? rpc.output;
}
