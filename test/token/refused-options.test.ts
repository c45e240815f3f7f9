import { describe, expect, test } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { tokenSecret } from "../harness/token-makers.ts";

const tokens = createTokens({ hmac: tokenSecret });
const never = { expiresIn: false };

/** Calls a method with options that do not compile. */
async function messageOf(
  method: "connection" | "subscription" | "trackSignature",
  options: unknown,
): Promise<string> {
  const call = tokens[method] as (options: unknown) => Promise<string>;
  const error: unknown = await call(options).then(
    (token) => new Error(`made ${token}`),
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(TypeError);
  return (error as Error).message;
}

describe("options of a connection token", () => {
  test.each<[string, unknown, string]>([
    ["no options", undefined, "options: expected an object"],
    ["no user", never, "user: expected a user's id, or anonymous: true"],
    ["a user of number", { user: 42, ...never }, 'user: expected a text, got the number 42: pass "42"'],
    ["a user of null", { user: null, ...never }, "user: expected a text, got null"],
    [
      "an empty user",
      { user: "", ...never },
      "user: expected the user's id; for nobody pass anonymous: true instead",
    ],
    ["half a surrogate pair", { user: "\ud800", ...never }, "user: expected a text that is not empty"],
    [
      "a user and nobody",
      { user: "42", anonymous: true, ...never },
      "user: expected a user's id, or anonymous: true",
    ],
    ["anonymous: false", { anonymous: false, ...never }, "anonymous: expected true, or a user"],
    [
      "no end",
      { user: "42" },
      'expiresIn: expected seconds or a duration as in "1h", or expiresAt, or false for never',
    ],
    [
      "two ends",
      { user: "42", expiresIn: 60, expiresAt: new Date(2e12) },
      'expiresIn: expected seconds or a duration as in "1h", or expiresAt, or false for never',
    ],
    [
      "expiresIn: true",
      { user: "42", expiresIn: true },
      'expiresIn: expected seconds, or a duration as in "90s", "15m", "1h" or "7d", of one second or more, got boolean; false is never',
    ],
    [
      "expiresAt: false",
      { user: "42", expiresAt: false },
      "expiresAt: expected a Date, or seconds since 1970, got boolean",
    ],
    [
      "a past expireAt",
      { user: "42", ...never, expireAt: 0 },
      "expireAt: expected a Date, or seconds since 1970, got 0; false is never",
    ],
    [
      "notBefore in milliseconds",
      { user: "42", ...never, notBefore: 1.8e12 },
      "notBefore: expected seconds since 1970, got milliseconds: pass 1800000000 or new Date(1800000000000)",
    ],
    [
      "a misspelt option",
      { user: "42", ...never, chanels: [] },
      "chanels: unknown option; did you mean channels?",
    ],
    ["a channel", { user: "42", ...never, channel: "a" }, "channel: unknown option; did you mean channels?"],
    ["sub", { sub: "42", ...never }, "sub: expected no claim: pass user"],
    ["exp", { user: "42", exp: 1 }, "exp: expected no claim: pass expiresIn or expiresAt"],
    ["iat", { user: "42", ...never, iat: 1 }, "iat: expected no claim: pass nothing, it is the present time"],
    ["nbf", { user: "42", ...never, nbf: 1 }, "nbf: expected no claim: pass notBefore"],
    ["aud", { user: "42", ...never, aud: "a" }, "aud: expected no claim: pass audience"],
    ["iss", { user: "42", ...never, iss: "a" }, "iss: expected no claim: pass issuer"],
    [
      "b64info",
      { user: "42", ...never, b64info: "" },
      "b64info: expected no claim: pass info with a Uint8Array",
    ],
    ["an empty jti", { user: "42", ...never, jti: "" }, "jti: expected a text that is not empty"],
    [
      "an empty list",
      { user: "42", ...never, audience: [] },
      "audience: expected an array of texts that are not empty",
    ],
    [
      "an audience of number",
      { user: "42", ...never, audience: [1] },
      "audience: expected an array of texts that are not empty",
    ],
    [
      "an empty audience",
      { user: "42", ...never, audience: "" },
      "audience: expected a text that is not empty",
    ],
    [
      "info without a JSON form",
      { user: "42", ...never, info: { n: 1n } },
      "info: expected JSON (JSON.stringify: Do not know how to serialize a BigInt)",
    ],
    [
      "info of a Map",
      { user: "42", ...never, info: new Map() },
      "info: expected JSON or a Uint8Array, got a Map",
    ],
    [
      "a meta that is no object",
      { user: "42", ...never, meta: [] },
      "meta: expected an object, got an array",
    ],
    [
      "a meta without a JSON form",
      { user: "42", ...never, meta: { n: 1n } },
      "meta: expected JSON (JSON.stringify: Do not know how to serialize a BigInt)",
    ],
    [
      "channels and subs",
      { user: "42", ...never, channels: ["a"], subs: {} },
      "channels: expected nothing beside subs",
    ],
    [
      "channels of number",
      { user: "42", ...never, channels: [1] },
      "channels: expected an array of texts that are not empty",
    ],
    ["subs of null", { user: "42", ...never, subs: { news: null } }, 'subs["news"]: expected an object'],
    [
      "subs of a channel without a name",
      { user: "42", ...never, subs: { "": {} } },
      "subs: expected channels that are not empty",
    ],
    [
      "an unknown option of subs",
      { user: "42", ...never, subs: { "a.b": { date: 1 } } },
      'subs["a.b"].date: unknown option; did you mean data?',
    ],
    [
      "a wrong override",
      { user: "42", ...never, subs: { a: { override: { presence: "false" } } } },
      'subs["a"].override.presence: expected true or false, got false',
    ],
    [
      "Centrifugo's form of an override",
      { user: "42", ...never, subs: { a: { override: { presence: { value: true } } } } },
      'subs["a"].override.presence: expected true or false, got an object',
    ],
    ["caps that are no array", { user: "42", ...never, caps: {} }, "caps: expected an array of objects"],
    [
      "caps without allow",
      { user: "42", ...never, caps: [{ channels: ["a"] }] },
      "caps[0].allow: is undefined",
    ],
    [
      "caps without channels",
      { user: "42", ...never, caps: [{ allow: ["sub"] }] },
      "caps[0].channels: is undefined",
    ],
    [
      "an unknown capability",
      { user: "42", ...never, caps: [{ channels: ["a"], allow: ["subscribe"] }] },
      "caps[0].allow: expected an array of sub, pub, prs, hst",
    ],
    [
      "another match",
      { user: "42", ...never, caps: [{ channels: ["a"], allow: ["sub"], match: "glob" }] },
      "caps[0].match: expected wildcard or regex",
    ],
    [
      "labels that are no texts",
      { user: "42", ...never, labels: { a: 1 } },
      "labels: expected an object of texts",
    ],
    ["labels of a list", { user: "42", ...never, labels: ["a"] }, "labels: expected an object of texts"],
  ])("connection refuses %s", async (_name, options, message) => {
    expect(await messageOf("connection", options)).toBe(`connection: ${message}`);
  });
});

describe("options of a subscription token", () => {
  const valid = { user: "42", channel: "a", ...never };

  test.each<[string, unknown, string]>([
    ["no channel", { user: "42", ...never }, "channel: is undefined"],
    ["an empty channel", { ...valid, channel: "" }, "channel: expected a text that is not empty"],
    ["channels", { ...valid, channels: ["a"] }, "channels: unknown option; did you mean channel?"],
    ["an unknown allow", { ...valid, allow: ["sub"] }, "allow: expected an array of pub, hst, prs"],
    ["b64data", { ...valid, b64data: "" }, "b64data: expected no claim: pass data with a Uint8Array"],
    [
      "a filter that is no object",
      { ...valid, serverTagsFilter: "a" },
      "serverTagsFilter: expected an object, got string",
    ],
    [
      "no end",
      { user: "42", channel: "a" },
      'expiresIn: expected seconds or a duration as in "1h", or expiresAt, or false for never',
    ],
  ])("subscription refuses %s", async (_name, options, message) => {
    expect(await messageOf("subscription", options)).toBe(`subscription: ${message}`);
  });
});

describe("options of a track signature", () => {
  test.each<[string, unknown, string]>([
    ["no keys", { user: "42", channel: "a", ...never }, "keys: is undefined"],
    ["no channel", { user: "42", keys: ["a"], ...never }, "channel: is undefined"],
    [
      "an empty list",
      { user: "42", channel: "a", keys: [], ...never },
      "keys: expected an array of texts that are not empty",
    ],
    [
      "info",
      { user: "42", channel: "a", keys: ["a"], ...never, info: 1 },
      "info: unknown option; expected one of user, anonymous, expiresIn, expiresAt, channel, keys",
    ],
  ])("trackSignature refuses %s", async (_name, options, message) => {
    expect(await messageOf("trackSignature", options)).toBe(`trackSignature: ${message}`);
  });
});
