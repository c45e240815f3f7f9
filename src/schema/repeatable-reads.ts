/**
 * The methods that only read, and whose results hold payloads. For a payload that is not JSON the server fails all of a
 * batch, and the client then calls these methods again, each on its own.
 */
const names: readonly string[] = ["connections", "history", "mapReadState", "mapReadStream", "presence"];

/** Whether two calls of a method have no other effect than one. */
export function isRepeatable(method: string): boolean {
  return names.includes(method);
}
