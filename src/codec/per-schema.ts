import type { DescMessage } from "@bufbuild/protobuf";

/** The function `make` with a memory: it makes its result for a message type once. */
export function perSchema<T extends object>(make: (schema: DescMessage) => T): (schema: DescMessage) => T {
  const made = new WeakMap<DescMessage, T>();
  return (schema) => {
    let found = made.get(schema);
    if (found === undefined) {
      found = make(schema);
      made.set(schema, found);
    }
    return found;
  };
}
