import type { DescService } from "@bufbuild/protobuf";
import type { HeadersInput } from "./headers.ts";
import type { Int64 } from "./integers.ts";
import type { ManyOptions } from "./many/many-options.ts";
import type { ManyRun } from "./many/many-run.ts";
import type { BatchCommand, BatchRequest, CentRequest, InputOf } from "./request-types.ts";
import type { BatchResult, CentResult, IntegerOf, Output, ResponseResult } from "./result-types.ts";
import type {
  Command,
  CommandName,
  DefaultService,
  IfMethod,
  IsUntyped,
  LoneMethods,
  LoneRequest,
  LoneResponse,
  MethodName,
  Reply,
} from "./service-types.ts";

/** Options of one call. */
export interface CallOptions {
  /** Milliseconds that the call may take, instead of the client's; 0 for no limit. */
  timeoutMs?: number | undefined;
  /** Aborts the call, which then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Headers, or gRPC metadata, that go with this call, besides the client's; one of the same name takes its place. */
  headers?: HeadersInput | undefined;
}

type MethodArguments<Request> =
  Record<never, never> extends Request
    ? [request?: Request, options?: CallOptions]
    : [request: Request, options?: CallOptions];

/** The methods of the API, each as its comment in the schema says. */
export type CentMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> = {
  [Name in keyof Command<Service> as IfMethod<Name, Service>]-?: <Data = unknown>(
    ...call: MethodArguments<InputOf<Name, NonNullable<Command<Service>[Name]>>>
  ) => Promise<
    Name extends keyof Reply<Service>
      ? Output<NonNullable<Reply<Service>[Name]>, Data, IntegerOf<Mode>>
      : never
  >;
} & {
  [Name in keyof LoneMethods<Service>]: <Data = unknown>(
    ...call: MethodArguments<InputOf<Name, LoneRequest<Name, Service>>>
  ) => Promise<ResponseResult<LoneResponse<Name, Service>, Data, Mode>>;
};

/** A method of a service that is known only at run time. */
type UntypedMethod = (request?: object, options?: CallOptions) => Promise<Record<string, unknown>>;

/** The methods of a service that is known only at run time; this package's own are taken to be among them. */
export type UntypedMethods = { readonly [Name in MethodName]: UntypedMethod } & {
  readonly [method: string]: UntypedMethod;
};

/** The input of `publishMany` and `broadcastMany`: an array, a generator, a stream … */
type Input<T> = Iterable<T> | AsyncIterable<T>;

/** What a client has where its service has the method that it is made of. */
type IfHas<Name extends string, Service extends DescService, Methods> =
  Name extends CommandName<Service> ? Methods : unknown;

/** Methods for any number of publications and channels. */
export type ManyMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> = IfHas<
  "publish",
  Service,
  PublishMany<Service, Mode>
> &
  IfHas<"broadcast", Service, BroadcastMany<Service, Mode>>;

interface PublishMany<Service extends DescService, Mode extends Int64> {
  /**
   * Publishes all that the input gives, in batches, and gives an item for each publication in the order of the input.
   * The order within each channel is kept. Nothing is taken or sent before the run is iterated, or `done` is called.
   *
   * @throws CentRequestError for options that are not as they must be
   */
  publishMany(
    publications: Input<Requests<"publish", Service>>,
    options?: ManyOptions,
  ): ManyRun<ManyResult<"publish", Service, Mode>>;
}

interface BroadcastMany<Service extends DescService, Mode extends Int64> {
  /**
   * Publishes the same data to all channels that the input gives, in as many broadcasts as that takes, and gives an item
   * for each channel in the order of the input. Nothing is taken or sent before the run is iterated, or `done` is called.
   *
   * @throws CentRequestError for a request or options that are not as they must be
   */
  broadcastMany(
    channels: Input<string>,
    request: Omit<Requests<"broadcast", Service>, "channels">,
    options?: ManyOptions,
  ): ManyRun<ManyResult<"publish", Service, Mode>>;
}

type Requests<Name extends string, Service extends DescService> =
  Name extends MethodName<Service> ? CentRequest<Name, Service> : never;

type ManyResult<Name extends string, Service extends DescService, Mode extends Int64> =
  Name extends MethodName<Service> ? CentResult<Name, unknown, Service, Mode> : never;

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
  /** Waits for the calls under way, then ends the connections. Later calls reject with a CentRequestError. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
  /** Never there. It keeps clients with numbers and with bigints apart, whose methods TypeScript takes for alike. */
  readonly [integers]?: Mode;
};
