import type { DescService, Message } from "@bufbuild/protobuf";
import type { RequiredFields } from "../schema/required-fields.ts";
import type {
  BatchMessages,
  Command,
  CommandName,
  DefaultService,
  IsUntyped,
  LoneRequest,
  MessageMeta,
  MethodName,
} from "../schema/service-types.ts";

/** `Name` if it is the base64 twin of another field, as `b64data` is of `data`; otherwise never. */
type Base64Sibling<Name, Fields> = Name extends `b64${infer Bytes}`
  ? Uncapitalize<Bytes> extends keyof Fields
    ? Name
    : never
  : never;

/** The plain value that a caller passes for a generated type. */
export type RequestValue<Type> = Type extends string | number | boolean
  ? Type
  : Type extends Uint8Array
    ? unknown
    : Type extends bigint
      ? number | bigint
      : Type extends readonly (infer Element)[]
        ? readonly RequestValue<Element>[]
        : Type extends Message
          ? [Exclude<keyof Type, MessageMeta>] extends [never]
            ? { readonly [Name in string]?: never }
            : {
                readonly [Name in keyof Type as Name extends MessageMeta | Base64Sibling<Name, Type>
                  ? never
                  : Name]?: RequestValue<Type[Name]> | undefined;
              }
          : Type extends object
            ? { readonly [Key in keyof Type]: RequestValue<Type[Key]> }
            : Type;

type WithRequired<Fields, Names> = Fields & {
  readonly [Name in Names & keyof Fields]-?: Exclude<Fields[Name], undefined>;
};

type MessageRequest<Name, Type> = Name extends keyof RequiredFields
  ? WithRequired<RequestValue<Type>, RequiredFields[Name]>
  : RequestValue<Type>;

/** The request of a method of a typed service. */
export type TypedRequest<Name, Service extends DescService> = Name extends keyof Command<Service>
  ? MessageRequest<Name, NonNullable<Command<Service>[Name]>>
  : MessageRequest<Name, LoneRequest<Name, Service>>;

/** The request of a method: `CentRequest<"publish">`. */
export type CentRequest<Name extends MethodName<Service>, Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true ? object : TypedRequest<Name, Service>;

/** One command of a batch: `{ publish: request }`. */
export type BatchCommand<Service extends DescService = DefaultService> =
  IsUntyped<Service> extends true
    ? { readonly [Name in string]: object }
    : {
        [Name in CommandName<Service>]: { readonly [Key in Name]: CentRequest<Name, Service> };
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
