import type { DescService } from "@bufbuild/protobuf";
import type { MethodsByInt64 } from "../../gen/centrifugal/centrifugo/api/api_methods.ts";
import type { BatchCommand, BatchRequest, MappedRequest } from "../call/request-types.ts";
import type { BatchResult, MappedResult } from "../call/result-types.ts";
import type { Int64 } from "../codec/integers.ts";
import type { CallOptions } from "../options/call-options.ts";
import type { CloseOptions } from "../options/close-options.ts";
import type { ReservedName } from "../schema/reserved-names.ts";
import type {
  Command,
  DefaultService,
  IfMethod,
  IsDefault,
  IsUntyped,
  LoneMethods,
  MethodName,
} from "../schema/service-types.ts";
import type { ManyMethods, UntypedManyMethods } from "./many-methods.ts";

/** The methods of the API. The comments on them come from the schema. */
export type CentMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> =
  IsDefault<Service> extends true ? MethodsByInt64[Mode] : MappedMethods<Service, Mode>;

/** The methods of another service than this package's. */
type MappedMethods<Service extends DescService, Mode extends Int64> = {
  [Name in keyof Command<Service> as Exclude<IfMethod<Name, Service>, ReservedName>]-?: MappedMethod<
    Name,
    Service,
    Mode
  >;
} & {
  [Name in keyof LoneMethods<Service> as Exclude<Name, ReservedName>]: MappedMethod<Name, Service, Mode>;
};

/** `Data` is the type of a result's data. If it makes no difference to the result, it is the type of the data that is sent. */
type MappedMethod<Name, Service extends DescService, Mode extends Int64> = <
  Data = unknown,
  Sent = MappedResult<Name, 0, Service, Mode> extends MappedResult<Name, 1, Service, Mode> ? Data : unknown,
>(
  ...call: Record<never, never> extends MappedRequest<Name, Service>
    ? [request?: MappedRequest<Name, Service, Sent>, options?: CallOptions]
    : [request: MappedRequest<Name, Service, Sent>, options?: CallOptions]
) => Promise<MappedResult<Name, Data, Service, Mode>>;

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
  : CentMethods<Service, Mode> & ManyMethods<Service, Mode>) &
  ClientBase<Service, Mode>;

interface ClientBase<Service extends DescService, Mode extends Int64> {
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
}
