import { PathError } from "../codec/path-error.ts";
import type { TrackSignatureOptions } from "../options/token-options.ts";
import { trackClaims } from "./claims.ts";
import { hmacKey } from "./keys.ts";

const encoder = new TextEncoder();
const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** `iat:exp:` and the HMAC of both with the user, the channel and the keys. @throws PathError naming the option */
export async function signTracking(
  options: TrackSignatureOptions,
  secret: string | undefined,
): Promise<string> {
  const { iat, exp = 0, sub = "" } = trackClaims(options);
  if (secret === undefined)
    throw new PathError("is undefined; createTokens needs it for signatures", { path: "trackSecret" });
  const keysHash = hex(await crypto.subtle.digest("SHA-256", encoder.encode(options.keys.join("\0"))));
  const signed = encoder.encode([iat, exp, sub, options.channel, keysHash].join("\0"));
  return `${iat}:${exp}:${hex(await crypto.subtle.sign("HMAC", await hmacKey(secret), signed))}`;
}
