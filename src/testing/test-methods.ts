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

/** What a method of a test server is asked: the request as the client writes it, without what has its zero value. */
export type TestRequest<
  Name extends string,
  Service extends DescService = DefaultService,
> = Name extends keyof Command<Service>
  ? RequestValue<NonNullable<Command<Service>[Name]>>
  : RequestValue<LoneRequest<Name, Service>>;

/** What a method of a test server answers, as a plain object: its result; of a response without one, the response. */
export type TestResult<
  Name extends string,
  Service extends DescService = DefaultService,
> = Name extends keyof Reply<Service>
  ? RequestValue<NonNullable<Reply<Service>[Name]>>
  : "result" extends keyof LoneResponse<Name, Service>
    ? RequestValue<Exclude<LoneResponse<Name, Service>["result"], undefined>>
    : RequestValue<LoneResponse<Name, Service>>;

/**
 * Methods of a test server that are the test's own, by the client's names for them. Each is given the request and
 * returns the result, both as the client has them; it throws a `CentApiResponseError` to answer with that error.
 */
export type TestMethods<Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true
    ? { readonly [Name in string]: (request: Record<string, unknown>) => object }
    : {
        readonly [Name in MethodName<Service>]?: (
          request: TestRequest<Name, Service>,
        ) => TestResult<Name, Service>;
      };

/** A test's own method, in the shape that all have in a table. */
type Handler = (request: Record<string, unknown>) => unknown;

const payload = createPayload(undefined);

/** The test's own methods, ready to be run on messages. */
export class OwnMethods {
  readonly #table: MethodTable;
  readonly #handlers: ReadonlyMap<Method, Handler>;

  /** @throws TypeError for a name that is no method of the service, and for what is no function. */
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

  /** @throws ApiError for an error of the handler's. */
  run(method: Method, request: Message): Message {
    try {
      const result = this.#handlers.get(method)?.(plainRequest(method.rpc.input, request));
      return encodeMessage(resultSchema(this.#table, method), result, payload);
    } catch (error) {
      if (error instanceof CentApiResponseError) throw new ApiError(error.code, error.message);
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

/** The message with a method's result. */
export function resultSchema({ reply }: MethodTable, { name, command, rpc }: Method): DescMessage {
  const field =
    command === undefined ? hasErrorOrResult(rpc.output) && rpc.output.field.result : reply.field[name];
  return (field || undefined)?.message ?? rpc.output;
}
