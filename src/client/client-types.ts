import type { DescService } from "@bufbuild/protobuf";
import type { BatchCommand, BatchRequest, TypedRequest } from "../call/request-types.ts";
import type { BatchResult, TypedResult } from "../call/result-types.ts";
import type { Int64 } from "../codec/integers.ts";
import type { CallOptions } from "../options/call-options.ts";
import type { CloseOptions } from "../options/close-options.ts";
import type { ReservedName } from "../schema/reserved-names.ts";
import type {
  Command,
  DefaultService,
  IfMethod,
  IsUntyped,
  LoneMethods,
  MethodName,
} from "../schema/service-types.ts";
import type { ManyMethods, UntypedManyMethods } from "./many-methods.ts";

type MethodArguments<Request> =
  Record<never, never> extends Request
    ? [request?: Request, options?: CallOptions]
    : [request: Request, options?: CallOptions];

/** The methods of the API. The comments on them come from the schema. */
export type CentMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> = {
  [Name in keyof Command<Service> as Exclude<IfMethod<Name, Service>, ReservedName>]-?: <Data = unknown>(
    ...call: MethodArguments<TypedRequest<Name, Service>>
  ) => Promise<TypedResult<Name, Data, Service, Mode>>;
} & {
  [Name in keyof LoneMethods<Service> as Exclude<Name, ReservedName>]: <Data = unknown>(
    ...call: MethodArguments<TypedRequest<Name, Service>>
  ) => Promise<TypedResult<Name, Data, Service, Mode>>;
};

/** A method of a service that is loaded at run time. */
type UntypedMethod = (request?: object, options?: CallOptions) => Promise<Record<string, unknown>>;

/** The methods of a service that is loaded at run time. The types assume that it has this package's methods, too. */
export type UntypedMethods = UntypedManyMethods & { readonly [Name in MethodName]: UntypedMethod } & {
  readonly [method: string]: UntypedMethod;
};

declare const integers: unique symbol;

/** A client of Centrifugo's server API. */
export type CentClient<
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> = (IsUntyped<Service> extends true
  ? UntypedMethods
  : CentMethods<Service, Mode> & ManyMethods<Service, Mode>) & {
  /**
   * Sends many commands in one request. A failed command does not reject the call: its reply is `{ ok: false, error }`.
   * `unwrap` throws for failed replies, `failures` lists them.
   */
  batch<const Commands extends readonly BatchCommand<Service>[]>(
    request: BatchRequest<Commands, Service>,
    options?: CallOptions,
  ): Promise<BatchResult<Commands, Service, Mode>>;
  /**
   * Waits for running calls and their retries, then closes the connections. A call still running after `timeoutMs`
   * rejects with a CentNetworkError. Later calls reject with a CentRequestError.
   */
  close(options?: CloseOptions): Promise<void>;
  /** Calls `close()` for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** Exists in types only: clients with `number` and with `bigint` integers are different types. */
  readonly [integers]?: Mode;
};
