import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PublicKeyTokens, Tokens } from "../../src/token/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { eddsaPem, publicKeyTokens, rsaPem, secretTokens, tokenSecret } from "../harness/token-makers.ts";
import type { UnchangedCentrifugo } from "../harness/unchanged-centrifugo.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import {
  binary,
  client,
  configText,
  connect,
  obstacle,
  serve,
  skipped,
  start,
  subscribe,
  timeout,
} from "./token-set-up.ts";

describe.skipIf(obstacle !== "")(`keys of tokens and a real Centrifugo${skipped}`, { timeout }, () => {
  const algorithms: [string, Tokens | PublicKeyTokens][] = [...secretTokens, ...publicKeyTokens].map(
    ([name, tokens]) => [name, tokens],
  );

  describe.each(algorithms)("with %s", (algorithm, tokens) => {
    let server: UnchangedCentrifugo;
    let keys: Awaited<ReturnType<typeof serve>> | undefined;
    let text: string;

    beforeAll(async () => {
      keys = algorithm === "EdDSA" ? await serve((tokens as PublicKeyTokens).serveJwks) : undefined;
      text = configText(await tokens.config(keys && { jwksUrl: `${keys.url}/jwks` }));
      server = await startCentrifugoUnchanged(binary(), text);
    });

    afterAll(async () => {
      await server[Symbol.asyncDispose]();
      await keys?.[Symbol.asyncDispose]();
    });

    test("a client connects and subscribes with tokens", async () => {
      const token = await tokens.connection({ user: "42", expiresIn: "1h", info: { name: "Ann" } });
      const centrifuge = client(server, token);
      expect(await connect(centrifuge)).toEqual({ event: "connected" });
      const options = { user: "42", channel: "$room:1", expiresIn: 60, data: { first: 1 } };
      expect(await subscribe(centrifuge, "$room:1", await tokens.subscription(options))).toEqual({
        event: "connected",
        data: { first: 1 },
      });
    });

    test("checktoken and checksubtoken accept the tokens, and no others", async () => {
      const folder = mkdtempSync(join(tmpdir(), "checktoken-"));
      writeFileSync(join(folder, "config.json"), text);
      const check = async (command: string, token: string) =>
        (await promisify(execFile)(binary(), [command, "-c", "config.json", token], { cwd: folder })).stdout;
      try {
        const connection = await tokens.connection({ user: "42", expiresIn: 60 });
        const subscription = await tokens.subscription({ user: "42", channel: "room:1", expiresIn: 60 });
        expect(await check("checktoken", connection)).toContain("valid token for user 42");
        expect(await check("checksubtoken", subscription)).toContain(
          'valid subscription token for user "42" and channel "room:1"',
        );
        const forged = connection.replace(/\.(?=[^.]*$)./, (start) => (start === ".A" ? ".B" : ".A"));
        await expect(check("checktoken", forged)).rejects.toThrow();
        await expect(check("checktoken", subscription)).rejects.toThrow();
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  test("tokens of the secret before are accepted until its time", async () => {
    const old = createTokens({ hmac: "the secret before, of some length" });
    const previous = { hmac: "the secret before, of some length" };
    const token = await old.connection({ user: "42", expiresIn: "1h" });
    for (const [validUntil, outcome] of [
      [undefined, { event: "connected" }],
      [new Date(Date.now() + 60_000), { event: "connected" }],
      [new Date(Date.now() - 60_000), { event: "disconnected", code: 3500 }],
    ] as const) {
      const tokens = createTokens({ hmac: tokenSecret, previous: { ...previous, validUntil } });
      await using server = await start(await tokens.config());
      expect(await connect(client(server, token))).toEqual(outcome);
      const verified = await tokens.verify(token).then(
        () => "connected",
        () => "disconnected",
      );
      expect(verified).toBe(outcome.event);
    }
  });

  test("keys rotate by kid: the server takes tokens of the new and of the old key from one JWKS", async () => {
    const old = createTokens({ rsa: rsaPem, kid: "2025" });
    const tokens = createTokens({ eddsa: eddsaPem, kid: "2026", previous: [{ rsa: rsaPem, kid: "2025" }] });
    await using keys = await serve(tokens.serveJwks);
    const config = await tokens.config({ jwksUrl: keys.url });
    await using server = await start(config);
    for (const maker of [old, tokens]) {
      const token = await maker.connection({ user: "42", expiresIn: 60 });
      expect(await connect(client(server, token))).toEqual({ event: "connected" });
      expect(await tokens.verify(token)).toMatchObject({ sub: "42" });
    }
    const unknown = await createTokens({ rsa: rsaPem, kid: "2024" }).connection({
      user: "42",
      expiresIn: 60,
    });
    expect(await connect(client(server, unknown))).toEqual({ event: "disconnected", code: 3500 });
  });
});
