import { createHash, createHmac } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createTokens } from "../../src/token/index.ts";
import { signTracking } from "../../src/token/track-signature.ts";
import { tokenSecret } from "../harness/token-makers.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Signatures that Centrifugo 6.9.1 accepted, with the secret `track-secret`. */
const accepted: [string, string[], string][] = [
  [
    "poll:feed",
    ["a", "b"],
    "1700000000:4102444800:c321cf38c9a252e8e2e1679490d5e5156cdccf82f273288ab20b05273532874f",
  ],
  ["poll:feed", ["a", "b"], "1700000000:0:7aa9c558bb3525cbf366cc7a2df83ad7983286e224433a222bc787bb415de9b5"],
  [
    "poll:two_keys",
    ["a", "b"],
    "1795746298:1795746898:9779a12f7d6fa6f744df53d38c39fc16a38049a8d580544a87f61225969b4be0",
  ],
  [
    "poll:removed",
    ["a", "b"],
    "1795746301:1795746901:c593e10db54f88ea7419651c49b5d6c17876add96beb0b1ed8951747966cfda0",
  ],
  [
    "poll:item_without_data",
    ["a", "b"],
    "1795746306:1795746906:bacba17c7205e219bea1aee2a6923da31ef485681783053a305b848971c54373",
  ],
  [
    "poll:data_null",
    ["a", "b"],
    "1795746309:1795746909:14c63ad068ea7053087c5fc1ae9a36017b7752020e8d659b254339ffb907a925",
  ],
];

test.each(accepted)(
  "the signature for %s is the one that Centrifugo accepted",
  async (channel, keys, signature) => {
    const [iat, exp] = signature.split(":").map(Number);
    vi.setSystemTime(Number(iat) * 1_000);
    const expiry = exp === 0 ? { expiresIn: false as const } : { expiresAt: Number(exp) };
    expect(await signTracking({ user: "42", channel, keys, ...expiry }, "track-secret")).toBe(signature);
  },
);

describe("any user, channel and keys", () => {
  const text = fc.string({ unit: "grapheme", minLength: 1 });

  test("node:crypto makes the same signature", async () => {
    const tokens = createTokens({ hmac: tokenSecret });
    vi.setSystemTime(1_800_000_000_999);
    await fc.assert(
      fc.asyncProperty(text, text, fc.array(text, { minLength: 1 }), async (user, channel, keys) => {
        const keysHash = createHash("sha256").update(keys.join("\0")).digest("hex");
        const signed = `1800000000\0${1_800_000_060}\0${user}\0${channel}\0${keysHash}`;
        const hmac = createHmac("sha256", tokenSecret).update(signed).digest("hex");
        expect(await tokens.trackSignature({ user, channel, keys, expiresIn: 60 })).toBe(
          `1800000000:1800000060:${hmac}`,
        );
      }),
    );
  });
});

describe("the secret of a track signature", () => {
  const options = { anonymous: true, channel: "poll:feed", keys: ["a"], expiresIn: 60 } as const;
  const trackSecret = "another secret of thirty-two bytes";

  test("trackSecret replaces hmac", async () => {
    const signatures = [
      await createTokens({ hmac: tokenSecret }).trackSignature(options),
      await createTokens({ hmac: tokenSecret, trackSecret }).trackSignature(options),
      await createTokens({ hmac: trackSecret }).trackSignature(options),
    ];
    expect(signatures[1]).toBe(signatures[2]);
    expect(signatures[0]).not.toBe(signatures[1]);
  });

  test("tokens of a private key need a trackSecret", async () => {
    const { privateKey } = await import("node:crypto").then(({ generateKeyPairSync }) =>
      generateKeyPairSync("ed25519"),
    );
    const eddsa = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    await expect(createTokens({ eddsa, kid: "1" }).trackSignature(options)).rejects.toThrow(
      new TypeError("trackSignature: trackSecret: is undefined; createTokens needs it for signatures"),
    );
    expect(await createTokens({ eddsa, kid: "1", trackSecret }).trackSignature(options)).toMatch(
      /^\d+:\d+:[0-9a-f]{64}$/,
    );
  });
});
