import type { DescService, Message } from "@bufbuild/protobuf";
import type { GenMessage, GenService } from "@bufbuild/protobuf/codegenv2";
import type { Error as ApiError, CentrifugoApi } from "../gen/centrifugal/centrifugo/api/api_pb.ts";
import type { HeadersInput } from "./headers.ts";
import type { Int64 } from "./integers.ts";
import type { Item } from "./items.ts";
import type { RequiredFields } from "./required-fields.ts";

type GeneratedService = typeof CentrifugoApi;

/**
 * The service that the SDK was generated from. It is an interface so that declarations of code that exports a client
 * name it, and not the generated type behind it.
 */
export interface DefaultService extends GeneratedService {}

// From a service's descriptor to the generated types of its commands and replies.
type Rpcs<Service extends DescService> = Service extends GenService<infer Methods> ? Methods : never;
type Shape<Schema> = Schema extends GenMessage<infer Type> ? Type : never;
type BatchRpc<Service extends DescService> =
  Rpcs<Service> extends { batch: { input: infer Input; output: infer Output } }
    ? { request: Shape<Input>; response: Shape<Output> }
    : never;
type Command<Service extends DescService> = BatchRpc<Service>["request"] extends { commands: (infer One)[] }
  ? One
  : never;
type Reply<Service extends DescService> = BatchRpc<Service>["response"] extends { replies: (infer One)[] }
  ? One
  : never;

type MessageMeta = "$typeName" | "$unknown";

/** The names of a service's methods, but for `batch`. */
export type CommandName<Service extends DescService = DefaultService> = Exclude<
  keyof Command<Service>,
  MessageMeta
> &
  string;

/** A field such as `b64data`, which carries `data` over HTTP: `Name` where `Fields` has what it stands for. */
type Base64Sibling<Name, Fields> = Name extends `b64${infer Bytes}`
  ? Uncapitalize<Bytes> extends keyof Fields
    ? Name
    : never
  : never;

/** What callers pass for a generated type. */
type Input<Type> = Type extends Uint8Array
  ? unknown
  : Type extends bigint
    ? number | bigint
    : Type extends readonly (infer Element)[]
      ? readonly Input<Element>[]
      : Type extends Message
        ? [Exclude<keyof Type, MessageMeta>] extends [never]
          ? { readonly [Name in string]?: never }
          : {
              readonly [Name in keyof Type as Name extends MessageMeta | Base64Sibling<Name, Type>
                ? never
                : Name]?: Input<Type[Name]> | undefined;
            }
        : Type extends object
          ? { readonly [Key in keyof Type]: Input<Type[Key]> }
          : Type;

type WithRequired<Fields, Names> = Fields & {
  readonly [Name in Names & keyof Fields]-?: Exclude<Fields[Name], undefined>;
};

type InputOf<Name, Type> = Name extends keyof RequiredFields
  ? WithRequired<Input<Type>, RequiredFields[Name]>
  : Input<Type>;

type BytesNames<Type> = { [Name in keyof Type]-?: Type[Name] extends Uint8Array ? Name : never }[keyof Type];

/** A message is an outcome where it has an error and a result; it becomes an item. */
type OutcomeResult<Type> = Type extends { error?: ApiError | undefined; result?: infer Result }
  ? Exclude<Result, undefined>
  : never;

/**
 * What callers get for a generated type. `Data` is the type of the outermost bytes fields; of those within, such as the
 * connection info of a publication's client, nothing is known.
 */
type Output<Type, Data, Integer> = Type extends Uint8Array
  ? Data
  : Type extends bigint
    ? Integer
    : Type extends readonly (infer Element)[]
      ? Output<Element, Data, Integer>[]
      : Type extends Message
        ? [OutcomeResult<Type>] extends [never]
          ? OutputFields<Type, Data, [BytesNames<Type>] extends [never] ? Data : unknown, Integer>
          : Item<Output<OutcomeResult<Type>, Data, Integer>>
        : Type extends object
          ? { [Key in keyof Type]: Output<Type[Key], Data, Integer> }
          : Type;

type OutputFields<Type, Data, Inner, Integer> = [OptionalBytes<Type>] extends [never]
  ? PresentFields<Type, Data, Inner, Integer>
  : PresentFields<Type, Data, Inner, Integer> & { [Name in OptionalBytes<Type>]?: Data };

type PresentFields<Type, Data, Inner, Integer> = {
  [Name in keyof Type as Name extends MessageMeta | OptionalBytes<Type> ? never : Name]: Output<
    Type[Name],
    Type[Name] extends Uint8Array ? Data : Inner,
    Integer
  >;
};

/** Empty bytes are absent. A publication is about its data, so only there the caller's type is taken at its word. */
type OptionalBytes<Type> = Type extends { $typeName: `${string}.Publication` }
  ? Exclude<BytesNames<Type>, "data">
  : BytesNames<Type>;

type IntegerOf<Mode extends Int64> = Mode extends "bigint" ? bigint : number;

/** The request of a method: `CentRequest<"publish">`. */
export type CentRequest<
  Name extends CommandName<Service>,
  Service extends DescService = DefaultService,
> = InputOf<Name, NonNullable<Command<Service>[Name]>>;

/** The result of a method, with the type of its data: `CentResult<"history", ChatMessage>`. */
export type CentResult<
  Name extends CommandName<Service>,
  Data = unknown,
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> = Name extends keyof Reply<Service>
  ? Output<NonNullable<Reply<Service>[Name]>, Data, IntegerOf<Mode>>
  : never;

/** One command of a batch: the name of a method, and its request. */
export type BatchCommand<Service extends DescService = DefaultService> = {
  [Name in CommandName<Service>]: { readonly [Key in Name]: CentRequest<Name, Service> };
}[CommandName<Service>];

/** The request of `batch`. */
export interface BatchRequest<
  Commands extends readonly BatchCommand<Service>[],
  Service extends DescService = DefaultService,
> {
  /** The calls to make, in this order unless they are `parallel`. */
  readonly commands: Commands;
  /** Lets the server run the commands at the same time, in no particular order. Default false. */
  readonly parallel?: boolean | undefined;
}

/** The item that answers a command; where it may be one of several, as in an array, the item is one of theirs. */
type ReplyItem<Command, Service extends DescService, Mode extends Int64> = Command extends unknown
  ? {
      [Name in keyof Command & CommandName<Service>]: Item<CentResult<Name, unknown, Service, Mode>>;
    }[keyof Command & CommandName<Service>]
  : never;

/** The result of `batch`: an item for each command, of that command's own type. */
export interface BatchResult<
  Commands,
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> {
  replies: { -readonly [Index in keyof Commands]: ReplyItem<Commands[Index], Service, Mode> };
}

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
  [Name in keyof Command<Service> as Name extends MessageMeta ? never : Name]-?: <Data = unknown>(
    ...call: MethodArguments<InputOf<Name, NonNullable<Command<Service>[Name]>>>
  ) => Promise<
    Name extends keyof Reply<Service>
      ? Output<NonNullable<Reply<Service>[Name]>, Data, IntegerOf<Mode>>
      : never
  >;
};

declare const integers: unique symbol;

/** A client of Centrifugo's server API. */
export type CentClient<
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> = CentMethods<Service, Mode> & {
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
