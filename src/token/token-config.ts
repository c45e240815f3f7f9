import { exportSPKI } from "jose/key/export";
import { hideInLogs } from "../options/hide-in-logs.ts";
import { expect, expectOptions, optionChecks } from "../options/option-checks.ts";
import { secondsOf } from "../options/time-checks.ts";
import type { HmacOptions, PublicKeyOptions } from "../options/token-key-options.ts";
import type { LoadedKeys } from "./keys.ts";

/** Sections of Centrifugo's config.json. */
export interface TokenConfig {
  readonly client: { readonly token: Readonly<Record<string, string | number>> };
  readonly shared_poll?: Readonly<Record<string, string | number>>;
}

const checks = optionChecks<{ jwksUrl?: string }>({
  jwksUrl(value) {
    const { protocol = "", pathname = "" } = URL.parse(`${value}`) ?? {};
    // Centrifugo refuses a path that Go's path.Clean would change.
    const isClean = pathname === "/" || !/\/$|\/\//.test(pathname);
    return (/^https?:$/.test(protocol) && isClean) || "a URL with http: or https:, and no slash at its end";
  },
});

/** @throws PathError if Centrifugo cannot verify such tokens in this way */
export async function tokenConfig(
  given: HmacOptions | PublicKeyOptions,
  keys: () => Promise<LoadedKeys>,
  options: { readonly jwksUrl?: string | undefined } = {},
): Promise<TokenConfig> {
  expectOptions(options, checks);
  const { audience, issuer, trackSecret } = given;
  const hmac = "hmac" in given ? (given as HmacOptions) : undefined;
  expect("jwksUrl", hmac === undefined || options.jwksUrl === undefined, "nothing beside hmac");
  const verifying = hmac ? secrets(hmac) : await publicKey(keys, options.jwksUrl);
  const track = trackSecret === undefined ? secrets(hmac) : { hmac_secret_key: trackSecret };
  const token = { ...verifying, ...(audience && { audience }), ...(issuer && { issuer }) };
  const hidden = ["hmac_secret_key", "hmac_previous_secret_key"] as const;
  return {
    client: { token: hideInLogs(token, ...hidden) },
    ...(Object.keys(track).length > 0 && { shared_poll: hideInLogs(track, ...hidden) }),
  };
}

function secrets({ hmac = "", previous }: Partial<HmacOptions> = {}): Record<string, string | number> {
  const { validUntil } = previous ?? {};
  return {
    ...(hmac && { hmac_secret_key: hmac }),
    ...(previous && { hmac_previous_secret_key: previous.hmac }),
    ...(validUntil !== undefined && {
      hmac_previous_secret_key_valid_until: secondsOf(validUntil),
    }),
  };
}

async function publicKey(keys: () => Promise<LoadedKeys>, jwksUrl?: string): Promise<Record<string, string>> {
  if (jwksUrl !== undefined) return { jwks_public_endpoint: jwksUrl };
  const [{ jwk, verifying }, ...others] = await keys();
  const why = "the address of serveJwks: Centrifugo verifies EdDSA, and takes several keys, by a JWKS only";
  expect("jwksUrl", jwk?.kty !== "OKP" && others.length === 0, why);
  return { [jwk?.kty === "RSA" ? "rsa_public_key" : "ecdsa_public_key"]: await exportSPKI(verifying) };
}
