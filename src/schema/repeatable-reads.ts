/**
 * Methods that only read, and whose results hold payloads: where a payload cannot be put into JSON, the server fails the
 * whole batch that it was asked for in, and these are asked again, each on its own.
 */
const names: readonly string[] = ["connections", "history", "mapReadState", "mapReadStream", "presence"];

/** Whether a method can be called twice, to no other effect than once. */
export function isRepeatable(method: string): boolean {
  return names.includes(method);
}
