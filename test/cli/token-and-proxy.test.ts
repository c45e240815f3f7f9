import { expect, test } from "vitest";
import { createProxy } from "../../src/proxy/index.ts";
import { createTokens } from "../../src/token/index.ts";
import { runCommand } from "./run-command.ts";

const secret = "a-secret-of-at-least-32-characters";
const environment = { CENT_TOKEN_SECRET: secret, CENT_PROXY_SECRET: "proxy-secret" };
const tokens = createTokens({ hmac: secret });

async function outputOf(args: readonly string[]): Promise<string> {
  const { code, out, complaint } = await runCommand(args, environment);
  expect([code, complaint]).toEqual([0, ""]);
  return out.trimEnd();
}

test("token makes a connection token for an hour", async () => {
  const claims = await tokens.verify(await outputOf(["token", "--user", "42", "--info", '{"name":"A"}']));
  expect(claims).toMatchObject({ sub: "42", info: { name: "A" } });
  expect(Number(claims.exp) - Number(claims.iat)).toBe(3600);
});

test("token makes a subscription token, as JSON, with its options", async () => {
  const args = ["--channel", "chat", "--expires-in", "15m", "--data", "1", "--jti", "x", "--json"];
  const { token } = JSON.parse(await outputOf(["token", "--user", "42", ...args]));
  const claims = await tokens.verify(token);
  expect(claims).toMatchObject({ sub: "42", channel: "chat", data: 1, jti: "x" });
  expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
});

test("token changes no number of a claim", async () => {
  for (const info of ['{"id":9007199254740993,"n":1e400}', "9007199254740993"]) {
    const [, payload = ""] = (await outputOf(["token", "--user", "42", "--info", info])).split(".");
    expect(Buffer.from(payload, "base64url").toString()).toContain(`"info":${info}`);
  }
});

test("token takes a number of seconds", async () => {
  const claims = await tokens.verify(await outputOf(["token", "--user", "42", "--expires-in", "90"]));
  expect(Number(claims.exp) - Number(claims.iat)).toBe(90);
});

test("token makes one for nobody that never expires", async () => {
  const claims = await tokens.verify(await outputOf(["token", "--anonymous", "--never-expires"]));
  expect(claims.exp).toBeUndefined();
  expect(claims.sub).toBeUndefined();
});

test.each([
  [["token"], /^tscent: connection: .*user/],
  [["token", "--user=1", "--expires-in=soon"], /^tscent: connection: expiresIn: /],
  [["token", "--user=1", "--info={my-secret"], /^tscent: --info: expected JSON\n$/],
  [["token", "--user=1", "--algorithm=HS1"], /^tscent: createTokens: algorithm: /],
  [["token", "my-secret"], /^tscent: expected nothing but options after the command/],
  [
    ["token", "--user=1", "--never-expires", "--expires-in=1h"],
    /^tscent: --never-expires: expected no --expires-in/,
  ],
  [["proxy-config", "--url=http://app"], /^tscent: expected --event/],
  [["proxy-config", "--event=connect"], /^tscent: config: url: /],
  [
    ["proxy-config", "--url=http://app", "--event=conect"],
    /^tscent: --event: unknown event conect; did you mean connect\?$/m,
  ],
  [["proxy-config", "--url=http://app", "--event=onError"], /^tscent: --event: unknown event onError; /],
  [["proxy-config", "--url=http://app", "--event=secret=x"], /^tscent: --event: unknown event secret; /],
  [
    ["proxy-config", "--url=http://app", "--event=__proto__=x"],
    /^tscent: --event: unknown event __proto__; /,
  ],
  [
    ["proxy-config", "--url=http://app", "--event=subscribe"],
    /^tscent: --event: expected a channel or a pattern, as in 'subscribe=chat:\*'\n$/,
  ],
  [
    ["proxy-config", "--url=http://app", "--event=rpc"],
    /^tscent: --event: expected a method or a pattern, as in 'rpc=/,
  ],
  [
    ["proxy-config", "--url=http://app", "--event=connect=chat:*"],
    /^tscent: --event: expected connect without a pattern\n$/,
  ],
  [
    ["proxy-config", "--url=http://app", "--event=connect", "--no-secret", "--secret-file=x"],
    /^tscent: --no-secret: expected no --secret-file beside it\n$/,
  ],
  [["token", "--user=1", "--data=1"], /^tscent: --data: expected --channel beside it\n$/],
  [["token", "--user=1", "--override={}"], /^tscent: --override: expected --channel beside it\n$/],
  [["token", "--user=1", "--channel=c", "--meta={}"], /^tscent: --meta: expected no --channel beside it\n$/],
  [["token", "--user=1", "--expires-in=0"], /^tscent: connection: expiresIn: [^\n]*, got 0; /],
])("%j is refused", async (args, complaint) => {
  const { code, out, complaint: said } = await runCommand(args, environment);
  expect([code, out]).toEqual([2, ""]);
  expect(said).toMatch(complaint);
  expect(said).not.toContain(secret);
});

test("token and proxy-config want a secret", async () => {
  const said = async (args: readonly string[]) => (await runCommand(args)).complaint;
  expect(await said(["token", "--user=1"])).toContain(
    "expected a secret in CENT_TOKEN_SECRET, or in the file",
  );
  const proxy = ["proxy-config", "--url=http://app", "--event=connect"];
  expect(await said(proxy)).toContain("expected a secret in CENT_PROXY_SECRET");
});

test("proxy-config prints what config() of a proxy with such handlers gives", async () => {
  const events = ["connect", "subscribe=chat:*", "subscribe=news:*", "rpc=getUser"];
  const args = events.flatMap((event) => ["--event", event]);
  const options = ["--timeout", "3s", "--http-header", "Cookie", "--binary-encoding"];
  const url = "http://app:3000/centrifugo";
  const out = await outputOf(["proxy-config", "--url", url, ...args, ...options]);
  const handler = () => ({});
  const proxy = createProxy({
    secret: "proxy-secret",
    connect: () => ({ user: "" }),
    subscribe: { "chat:*": handler, "news:*": handler },
    rpc: { getUser: handler },
  });
  const config = proxy.config({ url, timeout: "3s", httpHeaders: ["Cookie"], binaryEncoding: true });
  expect(out).toBe(JSON.stringify(config, undefined, 2));
});
