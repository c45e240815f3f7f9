/** A value is not as it must be. Its path grows while the error passes the values around: `publications[3].offset`. */
export class PathError extends Error {
  override readonly name: string = "PathError";
  readonly problem: string;
  path: string;

  constructor(problem: string, options?: ErrorOptions & { path?: string }) {
    const path = options?.path ?? "";
    super(described(path, problem), options);
    this.problem = problem;
    this.path = path;
  }

  /** The same error, seen from the value around it: `step` is a field's name, or an index as in `[3]`. */
  under(step: string): this {
    const dot = this.path === "" || this.path.startsWith("[") ? "" : ".";
    this.path = `${step}${dot}${this.path}`;
    this.message = described(this.path, this.problem);
    return this;
  }
}

/** A JSON text, or a value in it, is not as it must be. */
export class JsonReadError extends PathError {
  override readonly name = "JsonReadError";
}

/** Centrifugo's JSON has no form for a value. */
export class JsonWriteError extends PathError {
  override readonly name = "JsonWriteError";
}

function described(path: string, problem: string): string {
  return path === "" ? problem : `${path}: ${problem}`;
}

/** Runs `body`; a PathError that it throws gets `step` in front of its path. */
export function runUnder<T>(step: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw errorUnder(step, error);
  }
}

/** The PathError for what reading a caller's value threw: a getter may throw anything. */
export function asPathError(thrown: unknown): PathError {
  if (thrown instanceof PathError) return thrown;
  return new PathError(thrown instanceof Error ? thrown.message : "the request could not be read", {
    cause: thrown,
  });
}

/** The error to throw on, for loops: {@link runUnder} would make a function for each element. */
export function errorUnder(step: string, error: unknown): unknown {
  return error instanceof PathError ? error.under(step) : error;
}
