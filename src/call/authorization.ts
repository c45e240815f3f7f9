import { PathError } from "../codec/path-error.ts";
import type { Secret } from "../options/headers.ts";
import { isSecret } from "../options/headers.ts";

type AuthorizationHeader = { readonly authorization?: string };

/** Gives the header that authorizes a call, the same for HTTP and gRPC. A secret that is a function is asked each time. */
export function authorization(
  apiKey: Secret | undefined,
  bearerToken: Secret | undefined,
): () => AuthorizationHeader | Promise<AuthorizationHeader> {
  const secret = apiKey ?? bearerToken;
  if (secret === undefined) return () => ({});
  const [option, scheme] = apiKey === undefined ? ["bearerToken", "Bearer"] : ["apiKey", "apikey"];
  if (typeof secret === "string") return () => ({ authorization: `${scheme} ${secret}` });
  return async () => {
    const value = await asked(secret, option);
    if (!isSecret(value))
      throw new PathError("the function gave no string of visible ASCII characters", { path: option });
    return { authorization: `${scheme} ${value}` };
  };
}

async function asked(secret: () => string | Promise<string>, option: string): Promise<unknown> {
  try {
    return await secret();
  } catch (cause) {
    throw new PathError("the function failed; see the cause", { path: option, cause });
  }
}
