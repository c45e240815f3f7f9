import type { CentError } from "../errors/cent-error.ts";
import { hideSecret } from "../errors/hide-secret.ts";
import { mapError } from "../errors/map-error.ts";
import type { Sent } from "./send.ts";

/** What a call rejects with for what was thrown in it: an error of its own, without the secret that was sent. */
export function callError(thrown: unknown, method: string, { header }: Sent): CentError {
  const { authorization: granted } = header;
  const error = mapError(thrown, method, granted !== undefined);
  hideSecret(error, granted?.split(" ")[1]);
  return error;
}
