import { PathError } from "../codec/path-error.ts";
import type { OptionCheck } from "./option-checks.ts";
import {
  jsonOrBytes as data,
  expect,
  expectOptions,
  flag,
  optionChecks,
  plainObject,
  text,
  texts,
  words,
} from "./option-checks.ts";
import { duration, futureTime, time } from "./time-checks.ts";
import type * as Options from "./token-options.ts";

const orFalse =
  (check: OptionCheck): OptionCheck =>
  (value) => {
    const valid = value === false || check(value);
    return valid === true || `${valid}; false is never`;
  };
/** Refuses the name of a claim, which `did you mean` would take for another option. */
const instead = (option: string) => () => `no claim: pass ${option}`;
const common = {
  user: (value: unknown) =>
    value === "" ? "the user's id; for nobody pass anonymous: true instead" : text(value),
  anonymous: (value: unknown) => value === true || "true, or a user",
  ...{ expiresIn: orFalse(duration), expiresAt: futureTime },
};
const registered = {
  ...{ ...common, expireAt: orFalse(futureTime), notBefore: time, jti: text, issuer: text },
  audience: (value: unknown) => (typeof value === "string" ? text : texts)(value),
};
const claimNames = {
  ...{
    sub: instead("user"),
    exp: instead("expiresIn or expiresAt"),
    iat: instead("nothing, it is the present time"),
  },
  ...{ nbf: instead("notBefore"), aud: instead("audience"), iss: instead("issuer") },
  ...{ b64info: instead("info with a Uint8Array"), b64data: instead("data with a Uint8Array") },
};
const override = {
  ...{
    presence: flag,
    joinLeave: flag,
    forceRecovery: flag,
    forcePositioning: flag,
    forcePushJoinLeave: flag,
  },
};
const subscription = { info: data, data, override, serverTagsFilter: plainObject };
const subscribeChecks = optionChecks<Options.SubscribeClaims>(subscription);
const capabilityChecks = optionChecks<Options.Capability>({
  channels: texts,
  match: (value) => value === "wildcard" || value === "regex" || "wildcard or regex",
  allow: words("sub", "pub", "prs", "hst"),
});
const connectionChecks = optionChecks<Options.ConnectionTokenOptions>({
  ...{ ...registered, info: data, channels: texts, subs: plainObject },
  meta: (value) => (plainObject(value) === true ? data : plainObject)(value),
  caps: (value) => Array.isArray(value) || "an array of objects",
  labels: (value) =>
    (plainObject(value) === true &&
      Object.values(Object(value)).every((label) => typeof label === "string")) ||
    "an object of texts",
  ...claimNames,
});
const subscriptionChecks = optionChecks<Options.SubscriptionTokenOptions>({
  ...{ ...registered, ...subscription, channel: text, allow: words("pub", "hst", "prs"), client: text },
  ...claimNames,
});
const trackChecks = optionChecks<Options.TrackSignatureOptions>({ ...common, channel: text, keys: texts });

/** @throws PathError naming the option */
export function checkConnection(options: Options.ConnectionTokenOptions): void {
  expectOptions(options, connectionChecks);
  checkCommon(options);
  const { channels, subs, caps = [] } = options;
  expect("channels", channels === undefined || subs === undefined, "nothing beside subs");
  for (const [index, cap] of caps.entries()) {
    expectOptions(cap, capabilityChecks, `caps[${index}].`);
    required(`caps[${index}].`, { channels: cap.channels, allow: cap.allow });
  }
  for (const [channel, claims] of Object.entries(subs ?? {})) {
    expect("subs", text(channel) === true, "channels that are not empty");
    expectOptions(claims, subscribeChecks, `subs[${JSON.stringify(channel)}].`);
  }
}

/** @throws PathError naming the option */
export function checkSubscription(options: Options.SubscriptionTokenOptions): void {
  expectOptions(options, subscriptionChecks);
  checkCommon(options);
  required("", { channel: options.channel });
}

/** @throws PathError naming the option */
export function checkTracking(options: Options.TrackSignatureOptions): void {
  expectOptions(options, trackChecks);
  checkCommon(options);
  required("", { channel: options.channel, keys: options.keys });
}

function checkCommon({ user, anonymous, expiresIn, expiresAt }: Options.TokenUser & Options.Expiry): void {
  expect("user", (user === undefined) !== (anonymous === undefined), "a user's id, or anonymous: true");
  const isOne = (expiresIn === undefined) !== (expiresAt === undefined);
  expect("expiresIn", isOne, 'seconds or a duration as in "1h", or expiresAt, or false for never');
}

function required(prefix: string, values: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(values))
    if (value === undefined) throw new PathError("is undefined", { path: prefix + name });
}
