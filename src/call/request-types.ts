import type { DescService, Message } from "@bufbuild/protobuf";
import type { MethodRequests } from "../../gen/centrifugal/centrifugo/api/api_methods.ts";
import type { RequiredFields } from "../schema/required-fields.ts";
import type {
  BatchMessages,
  Command,
  CommandName,
  DefaultService,
  IsDefault,
  IsUntyped,
  LoneRequest,
  MessageMeta,
  MethodName,
  Wrapped,
} from "../schema/service-types.ts";

/** `Name` if it is the base64 twin of another field, as `b64data` is of `data`; otherwise never. */
type Base64Sibling<Name, Fields> = Name extends `b64${infer Bytes}`
  ? Uncapitalize<Bytes> extends keyof Fields
    ? Name
    : never
  : never;

/** The plain value that a caller passes for a generated type. `Data` is the type of a request's own data. */
export type RequestValue<Type, Data = unknown> = Type extends string | number | boolean
  ? Type
  : Type extends Uint8Array
    ? unknown
    : Type extends bigint
      ? number | bigint
      : Type extends readonly (infer Element)[]
        ? readonly RequestValue<Element>[]
        : Type extends Message
          ? [Wrapped<Type>] extends [never]
            ? [Exclude<keyof Type, MessageMeta>] extends [never]
              ? { readonly [Name in string]?: never }
              : {
                  readonly [Name in keyof Type as Name extends MessageMeta | Base64Sibling<Name, Type>
                    ? never
                    : Name]?: RequestField<Type, Name, Data> | undefined;
                }
            : RequestValue<Wrapped<Type>>
          : Type extends object
            ? { readonly [Key in keyof Type]: RequestValue<Type[Key]> }
            : Type;

/** The names of a message's bytes fields. */
export type BytesName<Type> = {
  [Name in keyof Type]-?: Type[Name] extends Uint8Array ? Name : never;
}[keyof Type];

/** The fields whose type is a request's type argument: `data` and `streamData`, else all bytes fields. */
type SentData<Type> = [Extract<BytesName<Type>, "data" | `${string}Data`>] extends [never]
  ? BytesName<Type>
  : Extract<BytesName<Type>, "data" | `${string}Data`>;

type RequestField<Type, Name extends keyof Type, Data> =
  Name extends SentData<Type> ? Data : RequestValue<Exclude<Type[Name], undefined>>;

type MessageRequest<Name, Type, Data> = RequestValue<Type, Data> & {
  readonly [Field in RequiredOf<Name> & keyof Type]: RequestField<Type, Field, Data>;
};

type RequiredOf<Name> = Name extends keyof RequiredFields ? RequiredFields[Name] : never;

/** The request of a method of another service than this package's. */
export type MappedRequest<
  Name,
  Service extends DescService,
  Data = unknown,
> = Name extends keyof Command<Service>
  ? MessageRequest<Name, NonNullable<Command<Service>[Name]>, Data>
  : MessageRequest<Name, LoneRequest<Name, Service>, Data>;

/** The request of a method: `CentRequest<"publish">` is `PublishRequest`. */
export type CentRequest<Name extends MethodName<Service>, Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true
    ? object
    : IsDefault<Service> extends true
      ? MethodRequests[Name & keyof MethodRequests]
      : MappedRequest<Name, Service>;

/** One command of a batch: `{ publish: request }`. */
export type BatchCommand<Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true
    ? { readonly [Name in string]: object }
    : {
        [Name in CommandName<Service>]: { readonly [Key in Name]: CentRequest<Name, Service> } & {
          readonly [Other in Exclude<CommandName<Service>, Name>]?: undefined;
        };
      }[CommandName<Service>];

/** The request of `batch`. */
export type BatchRequest<
  Commands extends readonly BatchCommand<Service>[],
  Service extends DescService = DefaultService,
> = {
  /** The commands. The server executes them in this order, unless `parallel` is true. */
  readonly commands: Commands;
  /** Lets the server execute the commands at the same time, in any order. Default false. */
  readonly parallel?: boolean | undefined;
} & (IsUntyped<Service> extends true
  ? object
  : Omit<RequestValue<BatchMessages<Service>["request"]>, "commands" | "parallel">);
