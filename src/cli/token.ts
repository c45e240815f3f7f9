import type { ConnectionTokenOptions, HmacOptions, SubscriptionTokenOptions } from "../token/index.ts";
import type { OptionKinds } from "./arguments.ts";
import { CliError, refusing } from "./cli-error.ts";
import { optionLines } from "./columns.ts";
import type { Command } from "./command.ts";
import { keepText } from "./exact-json.ts";
import { json } from "./method-fields.ts";
import { secretIn } from "./secret-options.ts";

/** The options of the claims, by their names in `tscent/token`. The options in `asJson` take JSON. */
const claims = {
  user: "user",
  channel: "channel",
  "expires-in": "expiresIn",
  jti: "jti",
  audience: "audience",
  issuer: "issuer",
};
const asJson = { info: "info", data: "data", meta: "meta", override: "override" };
const kinds: OptionKinds = {
  ...Object.fromEntries(
    [...Object.keys(claims), ...Object.keys(asJson)].map((name) => [name, "value" as const]),
  ),
  anonymous: "flag",
  "never-expires": "flag",
  algorithm: "value",
  "secret-file": "value",
};

/** The command `token`: makes the token of a connection, or with `--channel` of a subscription. */
export const token: Command = {
  options: kinds,
  help: () => [
    "Usage: tscent token --user <id> [--channel <channel>] [options]",
    "",
    "Makes the token with which a client connects, or with --channel the token with",
    "which it subscribes to that channel. The secret is the server's",
    "client.token.hmac_secret_key, in CENT_TOKEN_SECRET or in a file.",
    "",
    ...optionLines([
      ["--user <id>", "the user whom the token is for"],
      ["--anonymous", "in place of --user: the token is for nobody"],
      ["--channel <channel>", "makes a subscription token for this channel"],
      [
        "--expires-in <time>",
        "how long the token is valid, in seconds, or as in 90s, 15m, 1h or 7d (default: 1h)",
      ],
      ["--never-expires", "the token is valid for ever"],
      ["--info <json>", "the claim info: what others see of the client"],
      ["--data <json>", "the claim data of a subscription token"],
      ["--meta <json>", "the claim meta of a connection token"],
      ["--override <json>", "the claim override of a subscription token"],
      ["--jti <id>, --audience <name>, --issuer <name>", "the claims jti, aud and iss"],
      ["--algorithm <name>", "HS256, HS384 or HS512 (default: HS256)"],
      ["--secret-file <file>", "a file with the secret (default: the secret in CENT_TOKEN_SECRET)"],
      ["--json", 'write {"token":"…"}'],
    ]),
  ],
  run: async (given, { environment, out }) => {
    const options: Record<string, unknown> = { expiresIn: given.has("never-expires") ? false : "1h" };
    if (given.has("never-expires") && given.has("expires-in"))
      throw new CliError("--never-expires: expected no --expires-in beside it");
    if (given.has("anonymous")) options.anonymous = true;
    for (const name of ["data", "override"])
      if (given.has(name) && !given.has("channel"))
        throw new CliError(`--${name}: expected --channel beside it`);
    if (given.has("meta") && given.has("channel"))
      throw new CliError("--meta: expected no --channel beside it");
    for (const [name, claim] of Object.entries(claims))
      if (given.has(name)) options[claim] = given.value(name);
    const seconds = given.value("expires-in") ?? "";
    if (/^\d+$/.test(seconds)) options.expiresIn = Number(seconds);
    for (const [name, claim] of Object.entries(asJson))
      if (given.has(name)) options[claim] = json(name, given.value(name) ?? "", keepText);
    const { createTokens } = await import("../token/index.ts");
    const hmac = secretIn(given, environment, "CENT_TOKEN_SECRET");
    const algorithm = given.value("algorithm");
    const tokens = refusing(() =>
      createTokens({ hmac, ...(algorithm !== undefined && { algorithm }) } as HmacOptions),
    );
    const making = given.has("channel")
      ? tokens.subscription(options as object as SubscriptionTokenOptions)
      : tokens.connection(options as object as ConnectionTokenOptions);
    const made = await making.catch((error: unknown) =>
      refusing<string>(() => {
        throw error;
      }),
    );
    await out(`${given.has("json") ? JSON.stringify({ token: made }) : made}\n`);
    return 0;
  },
};
