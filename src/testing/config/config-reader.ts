import { parseDuration } from "./duration.ts";

/** A configuration that Centrifugo would refuse to start with. */
export class TestConfigError extends Error {
  override readonly name = "TestConfigError";
}

/**
 * Reads one object of a configuration, key by key. Like the server, it takes keys in any case, numbers and booleans in
 * quotes, durations as "60s" or in nanoseconds, and an empty value as none. Keys that are not read count as ignored.
 */
export class ConfigReader {
  readonly path: string;
  readonly #values = new Map<string, { readonly key: string; readonly value: unknown }>();
  readonly #ignored: string[];

  constructor(value: unknown, path: string, ignored: string[]) {
    this.path = path;
    this.#ignored = ignored;
    if (value === undefined || value === null) return;
    if (typeof value !== "object" || Array.isArray(value)) throw wrong(path, "an object", value);
    for (const [key, member] of Object.entries(value)) {
      this.#values.set(key.toLowerCase(), { key, value: member });
    }
  }

  object(key: string): ConfigReader {
    return new ConfigReader(this.#take(key), this.pathOf(key), this.#ignored);
  }

  list(key: string): ConfigReader[] {
    const value = this.#take(key) ?? [];
    if (!Array.isArray(value)) throw wrong(this.pathOf(key), "a list", value);
    return value.map((item, index) => new ConfigReader(item, `${this.pathOf(key)}[${index}]`, this.#ignored));
  }

  string(key: string, otherwise = ""): string {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === "number") return String(value);
    if (typeof value === "boolean") return value ? "1" : "0";
    if (typeof value !== "string") throw wrong(this.pathOf(key), "a string", value);
    return value === "" ? otherwise : value;
  }

  /** A string that must be one of `choices`. */
  choice(key: string, choices: readonly string[], otherwise = ""): string {
    const value = this.string(key, otherwise);
    if (!choices.includes(value)) {
      const expected = choices.map((choice) => JSON.stringify(choice)).join(", ");
      throw new TestConfigError(
        `${this.pathOf(key)}: expected one of ${expected}, got ${JSON.stringify(value)}`,
      );
    }
    return value;
  }

  strings(key: string): string[] {
    const value = this.#take(key) ?? [];
    const list: unknown[] =
      typeof value === "string" ? value.split(",") : Array.isArray(value) ? value : [value];
    return list.map((item) => {
      if (typeof item !== "string") throw wrong(this.pathOf(key), "a list of strings", value);
      return item;
    });
  }

  boolean(key: string, otherwise = false): boolean {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return value !== 0;
    if (typeof value === "string" && /^(?:1|t|true|0|f|false|)$/i.test(value)) return /^(?:1|t)/i.test(value);
    throw wrong(this.pathOf(key), "true or false", value);
  }

  integer(key: string, otherwise = 0): number {
    const value = this.#take(key) ?? otherwise;
    if (typeof value === "boolean") return Number(value);
    if (typeof value === "number") return Math.trunc(value);
    if (typeof value === "string" && /^[+-]?\d*$/.test(value)) return Number(value);
    throw wrong(this.pathOf(key), "an integer", value);
  }

  /** A duration in milliseconds. */
  duration(key: string, otherwise = "0s"): number {
    const value = this.#take(key) ?? otherwise;
    const milliseconds = typeof value === "number" ? value / 1e6 : parseDuration(String(value));
    if (milliseconds === undefined || typeof value === "boolean") {
      throw wrong(this.pathOf(key), 'a duration as in "300s"', value);
    }
    return milliseconds === 0 ? (parseDuration(otherwise) ?? 0) : milliseconds;
  }

  /** A duration in milliseconds, which must be whole seconds. */
  seconds(key: string, otherwise = "0s"): number {
    const milliseconds = this.duration(key, otherwise);
    if (milliseconds > 0 && milliseconds % 1000 !== 0) {
      throw new TestConfigError(`${this.pathOf(key)}: expected whole seconds, got ${milliseconds} ms`);
    }
    return milliseconds;
  }

  /** Lists a key as ignored that was read only to check it. */
  ignore(key: string, isSet: boolean): void {
    if (isSet) this.#ignored.push(this.pathOf(key));
  }

  /** Lists all unread keys as ignored, down to the innermost ones. */
  ignoreRest(): void {
    for (const { key, value } of this.#values.values()) collectPaths(value, this.#join(key), this.#ignored);
    this.#values.clear();
  }

  pathOf(key: string): string {
    return this.#join(this.#values.get(key)?.key ?? key);
  }

  #join(key: string): string {
    return this.path === "" ? key : `${this.path}.${key}`;
  }

  #take(key: string): unknown {
    const entry = this.#values.get(key);
    this.#values.delete(key);
    return entry?.value;
  }
}

function collectPaths(value: unknown, path: string, paths: string[]): void {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    paths.push(path);
    return;
  }
  for (const [key, member] of Object.entries(value)) collectPaths(member, `${path}.${key}`, paths);
}

function wrong(path: string, expected: string, value: unknown): TestConfigError {
  return new TestConfigError(`${path}: expected ${expected}, got ${JSON.stringify(value)}`);
}
