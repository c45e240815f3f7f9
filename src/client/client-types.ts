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

/** The methods of the API, each as its comment in the schema says. */
export type CentMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> = {
  [Name in keyof Command<Service> as Exclude<IfMethod<Name, Service>, ReservedName>]-?: <Data = unknown>(
    ...call: MethodArguments<TypedRequest<Name, Service>>
  ) => Promise<TypedResult<Name, Data, Service, Mode>>;
} & {
  [Name in keyof LoneMethods<Service> as Exclude<Name, ReservedName>]: <Data = unknown>(
    ...call: MethodArguments<TypedRequest<Name, Service>>
  ) => Promise<TypedResult<Name, Data, Service, Mode>>;
};

/** A method of a service that is known only at run time. */
type UntypedMethod = (request?: object, options?: CallOptions) => Promise<Record<string, unknown>>;

/** The methods of a service that is known only at run time; this package's own are taken to be among them. */
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
   * Sends many commands in one request. Each reply tells by itself whether its command succeeded, so nothing is thrown
   * for a command that failed: see `unwrap` and `failures`.
   */
  batch<const Commands extends readonly BatchCommand<Service>[]>(
    request: BatchRequest<Commands, Service>,
    options?: CallOptions,
  ): Promise<BatchResult<Commands, Service, Mode>>;
  /**
   * Waits for the calls under way, with their retries, then ends the connections. A call that is not over within `timeoutMs`
   * rejects with a CentNetworkError; later calls reject with a CentRequestError.
   */
  close(options?: CloseOptions): Promise<void>;
  /** The same, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
  /** This property is never there. It tells clients with numbers and with bigints apart for TypeScript. */
  readonly [integers]?: Mode;
};
