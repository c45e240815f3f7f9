import type { DescService, Message } from "@bufbuild/protobuf";
import type { MethodResults, ResultsByInt64 } from "../../gen/centrifugal/centrifugo/api/api_methods.ts";
import type { Int64 } from "../codec/integers.ts";
import type {
  CommandName,
  DefaultService,
  IsDefault,
  IsUntyped,
  LoneResponse,
  MessageMeta,
  MethodName,
  Reply,
  Wrapped,
} from "../schema/service-types.ts";
import type { Item } from "./items.ts";
import type { BytesName } from "./request-types.ts";

/** The result of a message with both `error` and `result`, which becomes an item; never for other messages. */
type ItemResult<Type> = "error" | "result" extends keyof Type
  ? Type extends { error?: ResponseError | undefined; result?: infer Result }
    ? Exclude<Result, undefined>
    : never
  : never;

type ResponseError = { code: number; message: string };

/**
 * The plain value that a caller gets for a generated type. `Data` is the type of the outermost bytes fields. Deeper ones,
 * such as the connection info in a publication, are `unknown`.
 */
type ResultValue<Type, Data, Integer> = Type extends string | number | boolean
  ? Type
  : Type extends Uint8Array
    ? Data
    : Type extends bigint
      ? Integer
      : Type extends readonly (infer Element)[]
        ? ResultValue<Element, Data, Integer>[]
        : Type extends Message
          ? [Wrapped<Type>] extends [never]
            ? [ItemResult<Type>] extends [never]
              ? ResultFields<Type, Data, Type extends { data: Uint8Array } ? unknown : Data, Integer>
              : Item<ResultValue<ItemResult<Type>, Data, Integer>>
            : ResultValue<Wrapped<Type>, Data, Integer>
          : Type extends object
            ? { [Key in keyof Type]: ResultValue<Type[Key], Data, Integer> }
            : Type;

type ResultFields<Type, Data, Inner, Integer> = [OptionalBytes<Type>] extends [never]
  ? PresentFields<Type, Data, Inner, Integer>
  : PresentFields<Type, Data, Inner, Integer> & {
      [Name in keyof Type as Name extends OptionalBytes<Type> ? Name : never]?: Data;
    };

type PresentFields<Type, Data, Inner, out Integer> = {
  [Name in keyof Type as Name extends MessageMeta | OptionalBytes<Type> ? never : Name]: ResultValue<
    Type[Name],
    Type[Name] extends Uint8Array ? Data : Inner,
    Integer
  >;
};

/** Bytes fields are optional, as empty bytes are left out; only a publication's `data` counts as always present. */
type OptionalBytes<Type> = Exclude<
  BytesName<Type>,
  Type extends { $typeName: `${string}.Publication` } ? "data" : never
>;

/** The `result` of a response. A response without that field is the result itself, minus its `error`. */
type ResponseResult<Type> = [ItemResult<Type>] extends [never]
  ? Type extends Message & { error?: ResponseError | undefined }
    ? Omit<Type, "error"> & Message
    : Type
  : ItemResult<Type>;

type IntegerOf<Mode extends Int64> = Mode extends "bigint" ? bigint : number;

/** The result of a method of another service than this package's. */
export type MappedResult<
  Name,
  Data,
  Service extends DescService,
  Mode extends Int64,
> = Name extends keyof Reply<Service>
  ? ResultValue<NonNullable<Reply<Service>[Name]>, Data, IntegerOf<Mode>>
  : ResultValue<ResponseResult<LoneResponse<Name, Service>>, Data, IntegerOf<Mode>>;

/** The result of a method: `CentResult<"history", ChatMessage>` is `HistoryResult<ChatMessage>`. */
export type CentResult<
  Name extends MethodName<Service>,
  Data = unknown,
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> =
  IsUntyped<Service> extends true
    ? Record<string, unknown>
    : IsDefault<Service> extends true
      ? ResultsByInt64<Data>[Mode][Name & keyof MethodResults]
      : MappedResult<Name, Data, Service, Mode>;

/** The method of a command: its only field that may have a request. */
type MethodOf<Command> = {
  [Name in keyof Command]-?: Command[Name] extends undefined ? never : Name;
}[keyof Command];

/** The item that answers a command. A union of commands gives the union of their items. */
type ReplyItem<Command, Service extends DescService, Mode extends Int64> =
  IsUntyped<Service> extends true
    ? Item<Record<string, unknown>>
    : Command extends unknown
      ? {
          [Name in MethodOf<Command> & CommandName<Service>]: Item<CentResult<Name, unknown, Service, Mode>>;
        }[MethodOf<Command> & CommandName<Service>]
      : never;

/** The result of `batch`: an item for each command, in order, with that command's result type. */
export interface BatchResult<
  Commands,
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> {
  replies: { -readonly [Index in keyof Commands]: ReplyItem<Commands[Index], Service, Mode> };
}
