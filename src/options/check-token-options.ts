import { PathError, runUnder } from "../codec/path-error.ts";
import { anything, expect, expectOptions, isObject, optionChecks, text } from "./option-checks.ts";
import { time } from "./time-checks.ts";
import type { HmacOptions, KeyKind, KeyWithId, PublicKeyOptions } from "./token-key-options.ts";

const kinds = ["rsa", "ecdsa", "eddsa"] as const;
const shared = { audience: text, issuer: text, trackSecret: anything };
const hmacChecks = optionChecks<HmacOptions>({
  algorithm: (value) => /^HS(?:256|384|512)$/.test(`${value}`) || "one of HS256, HS384, HS512",
  ...{ ...shared, hmac: anything, previous: { hmac: anything, validUntil: time } },
});
const keyChecks = {
  algorithm: (value: unknown) => /^RS(?:256|384|512)$/.test(`${value}`) || "one of RS256, RS384, RS512",
  ...{ rsa: anything, ecdsa: anything, eddsa: anything, kid: text },
};
const sourceChecks = optionChecks<{ [Name in keyof typeof keyChecks]: unknown }>(keyChecks);
const publicKeyChecks = optionChecks<{ [Name in keyof PublicKeyOptions | "hmac"]: unknown }>({
  previous: (value) => Array.isArray(value) || "an array of keys",
  ...{ ...keyChecks, ...shared, hmac: anything },
});
export const keyExpected =
  "PEM text with BEGIN PRIVATE KEY (`openssl pkcs8 -topk8 -nocrypt` converts others), a JWK or an extractable CryptoKey";

/** Checks all that needs no cryptography, and gives a copy. @throws PathError that has nothing of a key or secret */
export function checkTokenOptions(options: HmacOptions | PublicKeyOptions): HmacOptions | PublicKeyOptions {
  expect("options", isObject(options), "an object");
  if (options.trackSecret !== undefined) expectSecret("trackSecret", options.trackSecret, 32);
  const isHmac = "hmac" in options && !kinds.some((kind) => kind in options);
  if (isHmac) checkHmac(options as HmacOptions);
  else checkKeys(options as PublicKeyOptions);
  // By name, as a spread would miss accessors.
  const names = [...(isHmac ? hmacChecks : publicKeyChecks).keys()].filter((name) => name in options);
  return Object.fromEntries(
    names.map((name) => [name, Reflect.get(options, name)]),
  ) as unknown as HmacOptions;
}

function checkHmac(options: HmacOptions): void {
  expectOptions(options, hmacChecks);
  const { hmac, algorithm = "HS256", previous } = options;
  expectSecret("hmac", hmac, Number(algorithm.slice(2)) / 8);
  // The secret before may be too short: that is a reason to replace it.
  if (previous !== undefined) expectSecret("previous.hmac", previous.hmac, 1);
}

function checkKeys(options: PublicKeyOptions): void {
  expectOptions(options, publicKeyChecks);
  checkKey(options);
  const { previous = [] } = options;
  for (const [index, key] of previous.entries()) {
    expectOptions(key, sourceChecks, `previous[${index}].`);
    runUnder(`previous[${index}]`, () => checkKey(key));
  }
  const kids = [options, ...previous].map(({ kid }) => kid);
  expect("previous", new Set(kids).size === kids.length, "a kid of its own for each key");
}

function checkKey(source: KeyWithId): void {
  const kind = kindOf(source);
  expectGiven(kind, source[kind], keyExpected);
  expect(kind, typeof source[kind] === "string" || isObject(source[kind]), keyExpected);
  expectGiven("kid", source.kid, "an id of the key");
  expect("algorithm", source.algorithm === undefined || kind === "rsa", `nothing beside ${kind}`);
}

/** @throws PathError if there is no key, or several */
export function kindOf(source: KeyWithId): KeyKind {
  const given = (["hmac", ...kinds] as const).filter((kind) => kind in source);
  const [kind] = given;
  const isOne = given.length === 1 && kind !== undefined && kind !== "hmac";
  expect("options", isOne, `one of hmac, ${kinds.join(", ")}, got ${given.join(" and ") || "none"}`);
  return kind;
}

function expectGiven(path: string, value: unknown, expected: string): void {
  if (value !== undefined && value !== "") return;
  const problem = `is ${value === undefined ? "undefined" : "empty"}; expected ${expected}`;
  throw new PathError(`${problem}. Set the variable that it comes from`, { path });
}

function expectSecret(option: string, secret: unknown, least: number): void {
  const expected = `a secret of ${least} bytes or more, as \`openssl rand -hex 32\` makes`;
  expectGiven(option, secret, expected);
  expect(option, typeof secret === "string" && secret.isWellFormed(), expected);
  const bytes = new TextEncoder().encode(secret).byteLength;
  expect(option, bytes >= least, `${expected}, got ${bytes}`);
}
