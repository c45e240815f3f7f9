import { PathError } from "../codec/path-error.ts";
import type { OptionCheck } from "./option-checks.ts";
import { isFunction } from "./option-checks.ts";

/** A key or token, or a function that gives it: called before each attempt, or with `batching` for each call. */
export type Secret = string | (() => string | Promise<string>);

/** Whether a value is one or more visible ASCII characters. */
export function isSecret(value: unknown): value is string {
  return typeof value === "string" && /^[\x21-\x7e]+$/.test(value);
}

/** The check of a {@link Secret}. Its message does not show the value. */
export const secret: OptionCheck = (value) => {
  if (isFunction(value)) return true;
  if (typeof value !== "string") return `a string, or a function that gives one, got ${typeof value}`;
  return isSecret(value) || "one or more visible ASCII characters";
};

export type AuthorizationHeader = { readonly authorization?: string };

const noHeader: AuthorizationHeader = {};

/** Gives the header that authorizes a request; empty without a key. */
export type Authorize = () => AuthorizationHeader | Promise<AuthorizationHeader>;

/** Makes the {@link Authorize} of a client, for HTTP and gRPC. It calls a secret's function each time. */
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
