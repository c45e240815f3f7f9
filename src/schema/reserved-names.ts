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
 * The names that a client has for something else, or that JavaScript calls by itself: a client with a method `then` could
 * not be awaited. An RPC of such a name is a command of `batch` alone.
 */
export type ReservedName = (typeof names)[number];

/** Whether a client has no method of this name. */
export function isReservedName(name: string): boolean {
  return names.some((reserved) => reserved === name);
}
