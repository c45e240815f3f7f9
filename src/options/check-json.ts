import { PathError } from "../codec/path-error.ts";

/**
 * Checks a caller's JSON codec. It may be anything with the two functions: a library's class or module has more to it.
 *
 * @throws PathError where one is missing
 */
export function checkJson(json: unknown): void {
  if (json === undefined) return;
  const candidate = typeof json === "object" || typeof json === "function" ? json : null;
  for (const name of ["stringify", "parse"]) {
    if (candidate === null || typeof Reflect.get(candidate, name) !== "function") {
      throw new PathError("expected something with the functions stringify and parse", { path: "json" });
    }
  }
}
