// Connect's error and its codes, without Connect: `@connectrpc/connect` has one entry, which loads over a hundred modules and
// takes longer than the rest of tscent. Types and structure are Connect's, so Connect's own `instanceof` accepts the errors.
import type { DescMessage, Message, MessageShape, Registry } from "@bufbuild/protobuf";
import type { Code as ConnectCode, ConnectError as ConnectsError } from "@connectrpc/connect";
import { binaryFormat } from "./binary-format.ts";

export const Code: {
  readonly [Name in keyof typeof ConnectCode as Name extends string
    ? Name
    : never]: (typeof ConnectCode)[Name];
} = {
  Canceled: 1,
  Unknown: 2,
  InvalidArgument: 3,
  DeadlineExceeded: 4,
  NotFound: 5,
  AlreadyExists: 6,
  PermissionDenied: 7,
  ResourceExhausted: 8,
  FailedPrecondition: 9,
  Aborted: 10,
  OutOfRange: 11,
  Unimplemented: 12,
  Internal: 13,
  Unavailable: 14,
  DataLoss: 15,
  Unauthenticated: 16,
};
export type Code = ConnectCode;

const namesOfCodes: ReadonlyMap<number, string> = new Map(
  Object.entries<number>(Code).map(([name, code]) => [
    code,
    name.replaceAll(/(?<=[a-z])[A-Z]/g, "_$&").toLowerCase(),
  ]),
);

/** Whether a number is the code of an error. */
export function isCode(number: number): number is Code {
  return namesOfCodes.has(number);
}

type Detail = ConnectsError["details"][number];

export class ConnectError extends Error implements ConnectsError {
  override name = "ConnectError";
  code: Code;
  details: Detail[];
  declare metadata: Headers;
  rawMessage: string;
  override cause: unknown;
  isWireError = false;

  constructor(
    message: string,
    code: ConnectCode = Code.Unknown,
    metadata?: HeadersInit,
    details: Detail[] = [],
    cause?: unknown,
  ) {
    super(`[${namesOfCodes.get(code) ?? code}]${message === "" ? "" : ` ${message}`}`);
    this.rawMessage = message;
    this.code = code;
    // Made on demand: the first use of the global `Headers` loads Node's whole fetch.
    let headers: Headers | undefined;
    Object.defineProperty(this, "metadata", {
      configurable: true,
      enumerable: true,
      get: () => (headers ??= new Headers(metadata)),
      set: (given: Headers) => {
        headers = given;
      },
    });
    this.details = details;
    this.cause = cause;
  }

  /** Any thrown value as an error of Connect. */
  static from(thrown: unknown): ConnectsError {
    if (isConnectError(thrown)) return thrown;
    if (!(thrown instanceof Error))
      return new ConnectError(String(thrown), Code.Unknown, undefined, undefined, thrown);
    const isAbort = thrown.name === "AbortError" || thrown.name === "TimeoutError";
    const code = isAbort ? Code.Canceled : Code.Unknown;
    return new ConnectError(thrown.message, code, undefined, undefined, isAbort ? undefined : thrown);
  }

  findDetails<Desc extends DescMessage>(type: Desc): MessageShape<Desc>[];
  findDetails(registry: Registry): Message[];
  findDetails(wanted: DescMessage | Registry): Message[] {
    const typeNamed = (name: string) => {
      if (wanted.kind === "registry") return wanted.getMessage(name);
      return wanted.typeName === name ? wanted : undefined;
    };
    return this.details.flatMap((detail): Message[] => {
      if ("desc" in detail) return typeNamed(detail.desc.typeName) ? [detail.value as Message] : [];
      const type = typeNamed(detail.type);
      try {
        return type === undefined ? [] : [binaryFormat().fromBinary(type, detail.value)];
      } catch {
        // A detail that cannot be read is left out, as by Connect.
        return [];
      }
    });
  }
}

/** Whether a value is a ConnectError: ours, or one of any copy of Connect. */
export function isConnectError(value: unknown): value is ConnectsError {
  if (value instanceof ConnectError) return true;
  if (!(value instanceof Error) || value.name !== "ConnectError") return false;
  const { code, rawMessage, details, metadata } = value as Partial<ConnectsError>;
  return (
    typeof code === "number" &&
    typeof rawMessage === "string" &&
    Array.isArray(details) &&
    metadata !== undefined
  );
}
