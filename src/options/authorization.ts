import { PathError } from "../codec/path-error.ts";
import type { OptionCheck } from "./option-checks.ts";
import { isFunction } from "./option-checks.ts";

/** A secret, or a function that is asked for it before each attempt at a call. */
export type Secret = string | (() => string | Promise<string>);

/** Whether a value can be sent as a key or token. */
export function isSecret(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
}

/** The check of a {@link Secret}. Its words do not show the value. */
export const secret: OptionCheck = (value) => {
  if (isFunction(value)) return true;
  if (typeof value !== "string") return `a string, or a function that gives one, got ${typeof value}`;
  return isSecret(value) || "visible ASCII characters, one at least";
};

export type AuthorizationHeader = { readonly authorization?: string };

const noHeader: AuthorizationHeader = {};

/** Gives the header that authorizes a request. */
export type Authorize = () => AuthorizationHeader | Promise<AuthorizationHeader>;

/** Gives the header that authorizes a call, the same for HTTP and gRPC. A secret that is a function is asked each time. */
export function authorization(apiKey: Secret | undefined, bearerToken: Secret | undefined): Authorize {
  const given = apiKey ?? bearerToken;
  if (given === undefined) return () => noHeader;
  const [option, scheme] = apiKey === undefined ? ["bearerToken", "Bearer"] : ["apiKey", "apikey"];
  if (typeof given === "string") {
    const header = { authorization: `${scheme} ${given}` };
    return () => header;
  }
  return async () => {
    let value: unknown;
    try {
      value = await given();
    } catch (cause) {
      throw new PathError("the function failed; see the cause", { path: option, cause });
    }
    if (!isSecret(value))
      throw new PathError("the function gave no string of visible ASCII characters", { path: option });
    return { authorization: `${scheme} ${value}` };
  };
}
