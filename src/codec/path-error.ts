/** A wrong value, with its path, as in `publications[3].offset`. Each enclosing value adds its step with `under`. */
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

  /** Puts `step`, a field name or an index as in `[3]`, in front of the path. */
  under(step: string): this {
    const dot = this.path === "" || this.path.startsWith("[") ? "" : ".";
    this.path = `${step}${dot}${this.path}`;
    this.message = described(this.path, this.problem);
    return this;
  }
}

/** A text is not JSON, or a value in it has the wrong type. */
export class JsonReadError extends PathError {
  override readonly name = "JsonReadError";
}

/** A value cannot be written as Centrifugo's JSON. */
export class JsonWriteError extends PathError {
  override readonly name = "JsonWriteError";
}

function described(path: string, problem: string): string {
  return path === "" ? problem : `${path}: ${problem}`;
}

/** Runs `body`, and puts `step` in front of the path of a PathError that it throws. */
export function runUnder<T>(step: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw errorUnder(step, error);
  }
}

/** Runs the work of a function of the package, and names it in errors. @throws TypeError in place of a PathError */
export function runNamed<T>(name: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asTypeError(name, error);
  }
}

/** Makes a PathError of an error from reading a caller's value. A getter may throw anything. */
export function asPathError(thrown: unknown): PathError {
  if (thrown instanceof PathError) return thrown;
  return new PathError(thrown instanceof Error ? thrown.message : "the request could not be read", {
    cause: thrown,
  });
}

/** Makes a TypeError that names the function, in place of a PathError. Other errors stay as they are. */
export function asTypeError(name: string, thrown: unknown): unknown {
  if (!(thrown instanceof PathError)) return thrown;
  const { message, cause } = thrown;
  return new TypeError(`${name}: ${message}`, cause === undefined ? {} : { cause });
}

/** The same as {@link runUnder} for the `catch` of a loop, where a function for each element would be slow. */
export function errorUnder(step: string, error: unknown): unknown {
  return error instanceof PathError ? error.under(step) : error;
}
