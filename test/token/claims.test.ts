import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionTokenOptions, SubscriptionTokenOptions } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { tokenSecret } from "../harness/token-makers.ts";

const now = 1_800_000_000;
const tokens = createTokens({ hmac: tokenSecret });

/** The claims that are in a token. */
function claimsIn(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: now * 1_000 + 500 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("claims of a connection token", () => {
  const cases: [string, ConnectionTokenOptions, object][] = [
    ["a user and a duration", { user: "42", expiresIn: "1h" }, { sub: "42", exp: now + 3_600, iat: now }],
    ["seconds", { user: "42", expiresIn: 60 }, { sub: "42", exp: now + 60, iat: now }],
    ["a time", { user: "42", expiresAt: new Date((now + 9) * 1_000) }, { sub: "42", exp: now + 9, iat: now }],
    ["no end", { user: "42", expiresIn: false }, { sub: "42", iat: now }],
    ["nobody", { anonymous: true, expiresIn: 60 }, { exp: now + 60, iat: now }],
    [
      "all of JWT",
      {
        ...{ user: "42", expiresIn: 60, expireAt: now + 5, notBefore: new Date(now * 1_000), jti: "id" },
        ...{ audience: ["a", "b"], issuer: "i" },
      },
      {
        ...{ sub: "42", exp: now + 60, iat: now, expire_at: now + 5, nbf: now, jti: "id" },
        ...{ aud: ["a", "b"], iss: "i" },
      },
    ],
    [
      "a connection without an end",
      { user: "42", expiresIn: 60, expireAt: false },
      { sub: "42", exp: now + 60, iat: now, expire_at: 0 },
    ],
    [
      "info, channels, meta, and PRO's caps and labels",
      {
        ...{ user: "42", expiresIn: 60, info: { name: "Änn" }, channels: ["news"], meta: { tenant: 1 } },
        caps: [{ channels: ["a*"], match: "wildcard", allow: ["sub", "pub", "prs", "hst"] }],
        labels: { plan: "pro" },
      },
      {
        ...{
          sub: "42",
          exp: now + 60,
          iat: now,
          info: { name: "Änn" },
          channels: ["news"],
          meta: { tenant: 1 },
        },
        caps: [{ channels: ["a*"], match: "wildcard", allow: ["sub", "pub", "prs", "hst"] }],
        labels: { plan: "pro" },
      },
    ],
    [
      "bytes, and values of JSON that are no objects",
      {
        user: "42",
        expiresIn: 60,
        info: new Uint8Array([251, 255, 0]),
        subs: { a: { info: null, data: 0 } },
      },
      { sub: "42", exp: now + 60, iat: now, b64info: "+/8A", subs: { a: { info: null, data: 0 } } },
    ],
    [
      "subs with all options",
      {
        ...{ user: "42", expiresIn: 60 },
        subs: {
          "room:1": {
            ...{ info: 1, data: new Uint8Array([1]), serverTagsFilter: { key: "a", cmp: "eq", val: "b" } },
            override: {
              ...{ presence: true, joinLeave: false, forceRecovery: true, forcePositioning: true },
              forcePushJoinLeave: false,
            },
          },
          "room:2": { override: { presence: undefined } },
        },
      },
      {
        ...{ sub: "42", exp: now + 60, iat: now },
        subs: {
          "room:1": {
            ...{ info: 1, b64data: "AQ==", server_tags_filter: { key: "a", cmp: "eq", val: "b" } },
            override: {
              ...{ presence: { value: true }, join_leave: { value: false }, force_recovery: { value: true } },
              ...{ force_positioning: { value: true }, force_push_join_leave: { value: false } },
            },
          },
          "room:2": { override: {} },
        },
      },
    ],
  ];

  test.each(cases)("%s: the token has them under Centrifugo's names", async (_name, options, claims) => {
    expect(claimsIn(await tokens.connection(options))).toEqual(claims);
  });
});

describe("claims of a subscription token", () => {
  const cases: [string, SubscriptionTokenOptions, object][] = [
    [
      "a channel",
      { user: "42", channel: "$room:1", expiresIn: 60 },
      { sub: "42", exp: now + 60, iat: now, channel: "$room:1" },
    ],
    [
      "all of a subscription",
      {
        ...{
          user: "42",
          channel: "a",
          expiresIn: false,
          expireAt: now + 9,
          info: "i",
          data: { d: 1 },
          client: "c",
        },
        ...{ override: { presence: true }, allow: ["pub", "hst", "prs"], serverTagsFilter: { op: "not" } },
      },
      {
        ...{ sub: "42", iat: now, channel: "a", expire_at: now + 9, info: "i", data: { d: 1 }, client: "c" },
        ...{ override: { presence: { value: true } }, allow: ["pub", "hst", "prs"] },
        server_tags_filter: { op: "not" },
      },
    ],
  ];

  test.each(cases)("%s: the token has them under Centrifugo's names", async (_name, options, claims) => {
    expect(claimsIn(await tokens.subscription(options))).toEqual(claims);
  });
});

test("audience and issuer of createTokens are in each token, unless the token has its own", async () => {
  const others = createTokens({ hmac: tokenSecret, audience: "a", issuer: "i" });
  const options = { user: "42", channel: "c", expiresIn: 60 } as const;
  expect(claimsIn(await others.subscription(options))).toMatchObject({ aud: "a", iss: "i" });
  expect(claimsIn(await others.subscription({ ...options, audience: "b", issuer: "j" }))).toMatchObject({
    ...{ aud: "b", iss: "j" },
  });
  expect(
    claimsIn(await others.subscription({ ...options, audience: undefined, issuer: undefined })),
  ).toMatchObject({
    ...{ aud: "a", iss: "i" },
  });
});

test("options may be accessors of a class", async () => {
  class Options {
    get user() {
      return "42";
    }
    get expiresIn() {
      return 60;
    }
  }
  expect(claimsIn(await tokens.connection(new Options()))).toEqual({ sub: "42", exp: now + 60, iat: now });
});
