import { PathError } from "../path-error.ts";

/** A JSON text, or a value in it, that is not as it must be. */
export class JsonReadError extends PathError {
  override readonly name = "JsonReadError";
}

/** A value that Centrifugo's JSON has no form for. */
export class JsonWriteError extends PathError {
  override readonly name = "JsonWriteError";
}
