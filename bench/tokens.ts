// `npm run bench:tokens`: the CPU time of HMAC tokens, beside jose by hand with a CryptoKey made once, its fastest way, and
// with the bytes of the secret, as most programs do it. Each takes turns with the others; the ratios are of one round.
import { SignJWT } from "jose";
import { createTokens } from "tscent/token";
import { costOf } from "./cost.ts";
import { spread } from "./report/spread.ts";

const goal = 1.1;
const rounds = 41;
const warmUp = 10;
const tokensInRound = 1_000;

const secret = "a secret of 32 bytes or more, as openssl makes them";
const bytes = new TextEncoder().encode(secret);
const algorithm = { name: "HMAC", hash: "SHA-256" };
const key = await crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign"]);
const tokens = createTokens({ hmac: secret });
const info = { name: "Ann", roles: ["host", "author"] };
const channels = ["news", "chat:1"];

const byHand = (signing: CryptoKey | Uint8Array) => (user: string) =>
  new SignJWT({ info, channels })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(signing);

const contenders: Readonly<Record<string, (user: string) => Promise<string>>> = {
  tscent: (user) => tokens.connection({ user, expiresIn: "1h", info, channels }),
  "jose, CryptoKey": byHand(key),
  "jose, bytes": byHand(bytes),
};

const claims = await Promise.all(
  Object.values(contenders).map(async (make) => tokens.verify(await make("42"))),
);
for (const { sub, info, channels } of claims)
  if (
    JSON.stringify({ sub, info, channels }) !==
    JSON.stringify({ sub: "42", info: claims[0]?.info, channels: claims[0]?.channels })
  )
    throw new Error("the contenders make different tokens");

const names = Object.keys(contenders);
const cpu: Record<string, number[]> = Object.fromEntries(names.map((name) => [name, []]));
for (let round = 0; round < warmUp + rounds; round++) {
  // Another order in each round.
  for (const name of names.map((_, index) => names[(index + round) % names.length] ?? "")) {
    const make = contenders[name] as (user: string) => Promise<string>;
    const cost = await costOf(async () => {
      for (let user = 0; user < tokensInRound; user++) await make(`${user}`);
    });
    if (round >= warmUp) cpu[name]?.push((cost.cpu / tokensInRound) * 1_000);
  }
}

const own = cpu.tscent ?? [];
for (const name of names) {
  const taken = cpu[name] ?? [];
  const { median } = spread(taken);
  const ratio = spread(own.map((value, round) => value / (taken[round] ?? Number.NaN)));
  const beside =
    name === "tscent"
      ? ""
      : `; tscent takes ${ratio.median.toFixed(2)} x as much (${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)})`;
  console.log(`${name}: ${median.toFixed(1)} µs of CPU for a token${beside}`);
  if (name === "jose, CryptoKey" && ratio.median > goal) {
    console.error(`The goal is ${goal} x.`);
    process.exitCode = 1;
  }
}
