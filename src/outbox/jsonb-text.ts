import { PathError } from "../codec/path-error.ts";

/** Escapes without which a JSON text has no string that jsonb refuses. Most texts have none, and are not parsed. */
const suspect = /\\u(?:0000|d[89a-f])/i;

/**
 * Returns a JSON text that PostgreSQL takes as jsonb. Otherwise the caller's transaction would fail for the sake of a message.
 *
 * @throws PathError for a string with the character 0 or half a surrogate pair
 */
export function expectJsonb(text: string): string {
  if (suspect.test(text) && hasRefusedString(text))
    throw new PathError(
      "has a string with the character 0 or half a surrogate pair, which PostgreSQL's jsonb refuses",
    );
  return text;
}

function hasRefusedString(text: string): boolean {
  let found = false;
  JSON.parse(text, (key, value) => {
    found ||= isRefused(key) || isRefused(value);
    return value;
  });
  return found;
}

const isRefused = (value: unknown) =>
  typeof value === "string" && (value.includes("\0") || !value.isWellFormed());
