/** Functions of `JSON` that all supported runtimes have, and TypeScript's types lack. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): Record<string, unknown>;
  rawJSON(text: string): unknown;
}

/** Parses a JSON object so that JSON.stringify writes the same numbers again, even 64-bit ones. */
export function parseExactly(text: string): Record<string, unknown> {
  const json = JSON as object as ExactJson;
  return json.parse(text, (_key, value, { source }) =>
    typeof value === "number" && source !== undefined && source !== JSON.stringify(value)
      ? json.rawJSON(source)
      : value,
  );
}
