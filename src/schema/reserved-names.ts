const names = [
  "close",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "then",
  "toJSON",
  "toLocaleString",
  "toString",
  "valueOf",
] as const;

/**
 * Names that a client uses otherwise, or that JavaScript calls by itself: `await` of a client with a method `then` would
 * call that. An RPC with such a name can only be a command of `batch`.
 */
export type ReservedName = (typeof names)[number];

/** Whether a client may not have a method of this name. */
export function isReservedName(name: string): boolean {
  return names.some((reserved) => reserved === name);
}
