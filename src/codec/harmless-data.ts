import { PathError } from "./path-error.ts";

/** Code that walks deeper data by recursion would overflow the stack. */
const mostDepth = 500;
const [underscore, backslash] = [95, 92];

/**
 * Refuses data that is made to do harm.
 *
 * @param bytes the data's JSON. Most is short and has no underscore, and needs no look at the data
 * @throws PathError for data that is nested too deep, or has the key `__proto__`
 */
export function expectHarmless(data: unknown, bytes: Uint8Array): void {
  const isSuspect = bytes.length > 2 * mostDepth || bytes.includes(underscore) || bytes.includes(backslash);
  let level: object[] = isSuspect && isContainer(data) ? [data] : [];
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > mostDepth) throw new PathError(`is nested more than ${mostDepth} levels deep`);
    if (level.some((one) => Object.hasOwn(one, "__proto__"))) throw new PathError("has the key __proto__");
    level = level.flatMap((one) => Object.values(one).filter(isContainer));
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}
