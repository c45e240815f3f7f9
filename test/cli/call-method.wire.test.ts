import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import type { TestServer } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { ca, clientCertificate, serverCertificate } from "../harness/test-certificates.ts";
import { runCommand } from "./run-command.ts";

const key = "a-key-that-nobody-may-see";
const folder = mkdtempSync(join(tmpdir(), "cli-calls-"));
const file = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(protocols)("%s: commands", (protocol) => {
  let server: TestServer;
  let environment: Record<string, string>;
  beforeAll(async () => {
    server = await startTestServer({
      config: {
        http_api: { key },
        grpc_api: { enabled: true, key },
        channel: { without_namespace: { history_size: 10, history_ttl: "60s", presence: true } },
      },
    });
    const CENT_URL = protocol === "grpc" ? server.grpcUrl : server.httpUrl;
    environment = { CENT_URL, CENT_TRANSPORT: protocol, CENT_API_KEY: key };
    return () => server.close();
  });
  const tscent = (args: readonly string[], input = "") => runCommand(args, environment, { input });
  const jsonOf = async (args: readonly string[], input = "") => {
    const { code, out, complaint } = await tscent(["--json", ...args], input);
    expect([code, complaint]).toEqual([0, ""]);
    return out.trimEnd();
  };

  test("publish and history lose no digit of data, tags and version", async () => {
    const data = '{"id":9007199254740993,"text":"hi"}';
    await jsonOf(["publish", "exact", data, "--tags", '{"a":"b"}', "--idempotencyKey", "k"]);
    const { publications } = JSON.parse(await jsonOf(["history", "exact", "--limit", "-1"]));
    expect(publications).toHaveLength(1);
    expect(await jsonOf(["history", "exact", "--limit=1"])).toContain(
      `{"data":${data},"offset":1,"tags":{"a":"b"}}`,
    );
    await jsonOf(["publish", "exact", "1", "--version", "18446744073709551615"]);
    expect(server.calls.at(-1)?.request).toMatchObject({ version: 18446744073709551615n });
  });

  test("a request comes from a file or the standard input, and options go before its fields", async () => {
    const request = '{"channel":"input","data":{"n":1},"skipHistory":true}';
    expect(await jsonOf(["publish", "--request", "-"], request)).toBe('{"offset":0,"epoch":""}');
    expect(
      await jsonOf(["publish", "other", "--request", file("request.json", request), "--data", "2"]),
    ).toContain("0");
    expect(server.calls.at(-1)?.request).toMatchObject({ channel: "other", data: 2, skipHistory: true });
    const { code, complaint } = await tscent(["publish", "--request", "-"], "[]");
    expect([code, complaint]).toEqual([2, "tscent: --request: expected an object\n"]);
  });

  test("a word that begins with a dash goes after --", async () => {
    await jsonOf(["publish", "dash", "--skip-history", "--", "-5"]);
    expect(server.calls.at(-1)?.request).toMatchObject({ channel: "dash", data: -5, skipHistory: true });
  });

  test("a list is a repeated option or a JSON array, and a failed item gives exit code 1", async () => {
    expect(await jsonOf(["broadcast", "--channels", "a", "--channels", "b,c", "--data", "1"])).toContain(
      '"ok":true',
    );
    expect(server.calls.at(-1)?.request).toMatchObject({ channels: ["a", "b,c"] });
    const { code, out } = await tscent(["broadcast", '["a","no-such:b"]', "1", "--json"]);
    expect(code).toBe(1);
    expect(JSON.parse(out).responses.map(({ ok }: { ok: boolean }) => ok)).toEqual([true, false]);
  });

  test("info is a table, and JSON if asked", async () => {
    const { out } = await tscent(["info"]);
    expect(out).toMatch(
      /^NODE +VERSION +CLIENTS +USERS +CHANNELS +SUBSCRIPTIONS +UPTIME\n\S+ +6\.9\.1 OSS +0 /,
    );
    expect(JSON.parse(await jsonOf(["info"])).nodes).toHaveLength(1);
  });

  test("no terminal obeys data, which keeps its value", async () => {
    const data = "\u009b31m\u007f\u202egnp";
    await jsonOf(["publish", "controls", JSON.stringify(data)]);
    const out = await jsonOf(["history", "controls", "--limit=1"]);
    expect(out).toContain(String.raw`"\u009b31m\u007f\u202egnp"`);
    expect(JSON.parse(out).publications[0].data).toBe(data);
  });

  test("no terminal obeys what a server says", async () => {
    const node = { name: "n\u001b[31m", version: "6\u0007" };
    const info = create(InfoResponseSchema, { result: { nodes: [node] } });
    await using evil = await startScripted(protocol, () => info);
    expect((await tscent(["info", "--url", evil.url])).out).toContain("\nn\\x1b[31m  6\\x07 ");
    expect((await tscent(["ping", "--url", evil.url])).out).toContain("Centrifugo 6\\x07, 1 node");
  });

  test("ping says transport, version, nodes and times", async () => {
    const { url, transport, versions, nodes, firstMs, medianMs } = JSON.parse(await jsonOf(["ping"]));
    expect({ url, transport, versions, nodes }).toEqual({
      ...{ url: environment.CENT_URL, transport: protocol, versions: ["6.9.1 OSS"], nodes: 1 },
    });
    expect(firstMs).toBeGreaterThan(0);
    expect(medianMs).toBeGreaterThan(0);
    expect((await tscent(["ping"])).out).toContain("\nCentrifugo 6.9.1 OSS, 1 node\n");
  });

  test.each([
    [2, ["presence"], "presence: channel: is required"],
    [3, ["presence", "no-such:x"], "presence of no-such:x: unknown channel (102)"],
    [4, ["info", "--url", "http://127.0.0.1:1"], "ECONNREFUSED"],
    [5, ["info", "--timeout-ms", "50"], "50 ms"],
    [6, ["info", "--api-key", "wrong"], "info: "],
    [7, ["block-user", "42"], "Centrifugo PRO"],
  ])("exit code %i is for %j", async (expected, args, said) => {
    if (expected === 5) server.fail("info", { delayMs: 1_000 });
    const { code, out, complaint } = await tscent(args);
    expect([code, out]).toEqual([expected, ""]);
    expect(complaint).toMatch(/^tscent: [^\n]+\n$/);
    expect(complaint).toContain(said);
    expect(complaint).not.toContain(key);
  });

  test("--json writes an error of a call as an object", async () => {
    const { code, complaint } = await tscent(["presence", "no-such:x", "--json"]);
    expect(code).toBe(3);
    expect(JSON.parse(complaint)).toMatchObject({
      name: "CentApiResponseError",
      code: 102,
      maybeExecuted: false,
    });
  });

  test("the key comes from a file, without the line's end", async () => {
    const keyFile = file("key", `${key}\n`);
    const { code } = await tscent(["info", "--api-key-file", keyFile]);
    expect(code).toBe(0);
    environment.CENT_API_KEY = "wrong";
    expect((await tscent(["info", "--api-key-file", keyFile])).code).toBe(0);
    environment.CENT_API_KEY = key;
    const empty = file("empty", " \n");
    const { complaint } = await tscent(["info", "--api-key-file", empty]);
    expect(complaint).toBe(`tscent: ${empty}: expected a key\n`);
  });

  test("publish changes no number, however large", async () => {
    await jsonOf(["publish", "numbers", '{"a":[1e400,123456789012345678901234567890]}']);
    expect(await jsonOf(["history", "numbers", "--limit=1"])).toContain(
      '"data":{"a":[1e400,123456789012345678901234567890]}',
    );
  });

  test("publish-many publishes each line, shows failures and counts, and its progress on a terminal", async () => {
    const input =
      '{"channel":"many","data":1}\n{"channel":"no-such:b","data":"a\u2028b"}\n{"channel":"many"}';
    const shown: string[] = [];
    const progress = (line: string) => shown.push(line);
    const text = await runCommand(["publish-many"], environment, { input, progress });
    expect([text.code, text.out]).toEqual([1, "3 taken, 1 succeeded, 2 failed, 0 unknown\n"]);
    expect(text.complaint).toContain("tscent: line 2: publish to no-such:b: unknown channel (102)");
    expect(text.complaint).toContain("tscent: line 3: publish: data: is required\n");
    expect(shown.at(-2)).toBe("3 taken, 1 succeeded, 2 failed, 0 unknown");
    expect(shown.at(-1)).toBe("");
    const json = await tscent(["publish-many", "--json", "--in-flight", "1"], input);
    const items = json.out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(items).toMatchObject([
      { line: 1, ok: true, result: { offset: 2 } },
      { line: 2, ok: false, error: { code: 102 } },
      { line: 3, ok: false, error: { field: "data" } },
    ]);
    expect(json.complaint).toBe("3 taken, 1 succeeded, 2 failed, 0 unknown\n");
  });

  test("publish-many ends at a line that is not JSON, after the lines before it", async () => {
    const input = '{"channel":"ends","data":1}\n{my-secret\n{"channel":"ends","data":3}\n';
    const { code, out, complaint } = await tscent(["publish-many"], input);
    expect([code, out]).toEqual([2, "1 taken, 1 succeeded, 0 failed, 0 unknown\n"]);
    expect(complaint).toBe("tscent: line 2: expected JSON\n");
    expect(JSON.parse(await jsonOf(["history", "ends", "--limit=-1"])).publications).toHaveLength(1);
  });

  test("a command takes certificates from files", async () => {
    const info = create(InfoResponseSchema, { result: { nodes: [] } });
    const tls = { ...serverCertificate, ca, requestCert: true, rejectUnauthorized: true };
    await using secure = await startScripted(protocol, () => info, { tls });
    const files = ["--tls-ca", file("ca", ca), "--tls-cert", file("cert", clientCertificate.cert)];
    const all = [...files, "--tls-key", file("cert-key", clientCertificate.key)];
    expect(await jsonOf(["info", "--url", secure.url, ...all])).toBe('{"nodes":[]}');
    expect((await tscent(["info", "--url", secure.url, ...files])).complaint).toContain(
      "tls.cert: expected key",
    );
    expect((await tscent(["info", "--url", secure.url])).code).toBe(4);
    expect((await tscent(["info", "--url", secure.url, "--tls-ca", join(folder, "nope")])).code).toBe(2);
  });
});
