import type { DescMessage, DescService, MessageShape } from "@bufbuild/protobuf";
import type { CentrifugoApi } from "#api";
import type { RpcMethodName } from "./rpc-path.ts";

type GeneratedService = typeof CentrifugoApi;

/**
 * The service that this package was generated from. An interface, so that editors and `.d.ts` files of code that exports
 * a client show this name, and not the generated type.
 */
export interface DefaultService extends GeneratedService {}

export type MessageMeta = "$typeName" | "$unknown";

type Rpcs<Service extends DescService> = Service["method"];
type RpcName<Service extends DescService> = keyof Rpcs<Service> & string;
type Shape<Schema> = Schema extends DescMessage ? MessageShape<Schema> : never;
type RpcMessages<Rpc> = Rpc extends { input: infer Request; output: infer Response }
  ? { request: Shape<Request>; response: Shape<Response> }
  : never;
type Element<Message, List extends string> = Message extends Record<List, (infer One)[]> ? One : never;

/** The generated request and response of `batch`. */
export type BatchMessages<Service extends DescService> =
  Rpcs<Service> extends { batch: infer Rpc } ? RpcMessages<Rpc> : never;

/** The generated message of one command of a batch: a field for each method. */
export type Command<Service extends DescService> = Element<BatchMessages<Service>["request"], "commands">;

/** The generated message that answers a command. */
export type Reply<Service extends DescService> = Element<BatchMessages<Service>["response"], "replies">;

/** Whether the types of a service's methods are unknown, as with a descriptor loaded at run time. */
export type IsUntyped<Service extends DescService> = string extends RpcName<Service> ? true : false;

/** Whether a service is the one that this package was generated from, whose types are generated, too. */
export type IsDefault<Service extends DescService> = [Service] extends [DefaultService]
  ? [DefaultService] extends [Service]
    ? true
    : false
  : false;

/** The value of a message that only makes a scalar optional, such as `BoolValue`; never for other messages. */
export type Wrapped<Type> = Type extends { $typeName: `${string}Value`; value: infer Value }
  ? [Exclude<keyof Type, MessageMeta | "value">, Value] extends [never, string | number | boolean | bigint]
    ? Value
    : never
  : never;

/** The name of a `Command` field if the service has an RPC of that name, in any case; otherwise never. */
export type IfMethod<Name, Service extends DescService> = Name extends MessageMeta
  ? never
  : Name extends string
    ? Lowercase<Name> extends Lowercase<RpcName<Service>>
      ? Name
      : never
    : never;

/** The names of the methods that can be in a batch: in Centrifugo's API all except `batch`. */
export type CommandName<Service extends DescService = DefaultService> = IfMethod<
  keyof Command<Service>,
  Service
>;

/** The methods that cannot be in a batch, by their client's names, with their generated messages. */
export type LoneMethods<Service extends DescService> = {
  [Name in RpcName<Service> as Rpcs<Service>[Name] extends { methodKind: "unary" }
    ? Lowercase<Name> extends Lowercase<CommandName<Service>> | "batch"
      ? never
      : RpcMethodName<Name>
    : never]: RpcMessages<Rpcs<Service>[Name]>;
};

type LoneMessage<Name, Service extends DescService, Part extends "request" | "response"> = MessageOf<
  LoneMethods<Service>,
  Name,
  Part
>;

// A type of its own, as TypeScript 5.4 takes no name from outside as an index of `LoneMethods<Service>`.
type MessageOf<Methods, Name, Part extends "request" | "response"> = Name extends keyof Methods
  ? Methods[Name] extends Record<Part, infer One>
    ? One
    : never
  : never;

export type LoneRequest<Name, Service extends DescService> = LoneMessage<Name, Service, "request">;
export type LoneResponse<Name, Service extends DescService> = LoneMessage<Name, Service, "response">;

/** The names of a service's methods, except `batch`. */
export type MethodName<Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true ? string : CommandName<Service> | (keyof LoneMethods<Service> & string);
