import { isBytes } from "../codec/payload.ts";
import { checkConnection, checkSubscription, checkTracking } from "../options/check-token-claims.ts";
import { durationSeconds, nowInSeconds, secondsOf } from "../options/time-checks.ts";
import type * as Options from "../options/token-options.ts";

/** Claims under Centrifugo's names. JSON.stringify leaves out those that are undefined. */
export type Claims = Readonly<Record<string, unknown>>;

/** @throws PathError naming the option */
export function connectionClaims(options: Options.ConnectionTokenOptions): Claims {
  checkConnection(options);
  const { info, channels, subs, meta, caps, labels } = options;
  const each = Object.entries(subs ?? {}).map(([channel, sub]) => [channel, subscribeClaims(sub)]);
  const all = { channels, meta, caps, labels, subs: subs && Object.fromEntries(each) };
  return { ...registeredClaims(options), ...dataClaim("info", info), ...all };
}

/** @throws PathError naming the option */
export function subscriptionClaims(options: Options.SubscriptionTokenOptions): Claims {
  checkSubscription(options);
  const { channel, allow, client } = options;
  return { ...registeredClaims(options), channel, ...subscribeClaims(options), allow, client };
}

/** The user and the times of a track signature. @throws PathError naming the option */
export function trackClaims(options: Options.TrackSignatureOptions): Claims {
  checkTracking(options);
  return commonClaims(options);
}

function commonClaims({ user, expiresIn, expiresAt }: Options.TokenUser & Options.Expiry): Claims {
  const iat = nowInSeconds();
  const exp = expiresIn === undefined ? secondsOf(expiresAt) : iat + durationSeconds(expiresIn);
  return { sub: user, exp: expiresIn === false ? undefined : exp, iat };
}

function registeredClaims(options: Options.TokenUser & Options.Expiry & Options.RegisteredClaims): Claims {
  const { expireAt, notBefore, jti, audience: aud, issuer: iss } = options;
  const claims = {
    ...{ jti, ...(aud !== undefined && { aud }), ...(iss !== undefined && { iss }) },
    ...(notBefore !== undefined && { nbf: secondsOf(notBefore) }),
    ...(expireAt !== undefined && { expire_at: expireAt === false ? 0 : secondsOf(expireAt) }),
  };
  return { ...commonClaims(options), ...claims };
}

function subscribeClaims({ info, data, override, serverTagsFilter }: Options.SubscribeClaims): Claims {
  const set = Object.entries(override ?? {}).filter(([, value]) => value !== undefined);
  const snakeCase = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const overrides = Object.fromEntries(set.map(([name, value]) => [snakeCase(name), { value }]));
  const all = { override: override && overrides, server_tags_filter: serverTagsFilter };
  return { ...dataClaim("info", info), ...dataClaim("data", data), ...all };
}

/** JSON as it is, bytes as base64. */
function dataClaim(name: string, value: unknown): Claims {
  if (!isBytes(value)) return { [name]: value };
  return { [`b64${name}`]: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) };
}
