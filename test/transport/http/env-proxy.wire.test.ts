import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { create } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import { startHttpProxy } from "../../harness/http-proxy.ts";
import { unusedPort } from "../../harness/listening-server.ts";
import { startScripted } from "../../harness/scripted-server.ts";
import { serverCertificate } from "../../harness/test-certificates.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
const run = promisify(execFile);
const script = fileURLToPath(new URL("../../harness/proxied-call-script.ts", import.meta.url));
const authority = fileURLToPath(new URL("../../harness/test-only-certificates/ca.pem", import.meta.url));

interface Outcome {
  readonly name?: string;
  readonly message?: string;
  readonly maybeExecuted?: boolean;
}

/** Makes a call in a process with these variables. */
async function call(
  url: string,
  variables: Record<string, string>,
  flags: string[] = [],
  more: string[] = [],
) {
  const env = { PATH: process.env.PATH, CENT_URL: url, NODE_EXTRA_CA_CERTS: authority, ...variables };
  const args = [...flags, "--conditions=tscent-source", script, ...more];
  const { stdout } = await run("node", args, { env });
  return JSON.parse(stdout) as Outcome;
}

/** Sends a request with Node's own fetch, and makes a call. */
const fetchAndCall = (url: string, variables: Record<string, string>, flags?: string[]) =>
  call(url, variables, flags, ["fetch"]);

test.each<[string, Record<string, string>, string[]]>([
  ["NODE_USE_ENV_PROXY", { NODE_USE_ENV_PROXY: "1" }, []],
  ["--use-env-proxy", {}, ["--use-env-proxy"]],
  ["NODE_OPTIONS", { NODE_OPTIONS: "--use-env-proxy" }, []],
])("with %s, a client sends its calls to HTTP_PROXY, as fetch does", async (_switch, variables, flags) => {
  await using server = await startScripted("http", () => info);
  await using proxy = await startHttpProxy();
  expect(await fetchAndCall(server.url, { HTTP_PROXY: proxy.url, ...variables }, flags)).toEqual({});
  // Node.js 24's fetch opens a tunnel for a plain address, too.
  expect(proxy.requests).toEqual([
    expect.stringContaining(`127.0.0.1:${server.port}`),
    `POST ${server.url}/info`,
  ]);
  expect(server.received.map(({ method }) => method)).toEqual(["info"]);
});

test("without a switch, a client sends nothing to HTTP_PROXY, as fetch does", async () => {
  await using server = await startScripted("http", () => info);
  await using proxy = await startHttpProxy();
  expect(await fetchAndCall(server.url, { HTTP_PROXY: proxy.url, HTTPS_PROXY: proxy.url })).toEqual({});
  expect(proxy.requests).toEqual([]);
});

test.each([
  ["127.0.0.1", 0],
  ["*", 0],
  ["example.com, 127.0.0.1", 0],
  ["127.0.0.1:1", 2],
  ["example.com", 2],
])("with NO_PROXY=%s, fetch and a client send %i requests to the proxy", async (excluded, proxied) => {
  await using server = await startScripted("http", () => info);
  await using proxy = await startHttpProxy();
  const variables = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url, NO_PROXY: excluded };
  expect(await fetchAndCall(server.url, variables)).toEqual({});
  expect(proxy.requests).toHaveLength(proxied);
});

test.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY"])(
  "a client opens a tunnel through %s to an https address, as fetch does",
  async (variable) => {
    await using server = await startScripted("http", () => info, { tls: serverCertificate });
    await using proxy = await startHttpProxy();
    const url = `https://localhost:${server.port}/api`;
    expect(await fetchAndCall(url, { NODE_USE_ENV_PROXY: "1", [variable]: proxy.url })).toEqual({});
    expect(proxy.requests).toEqual(Array(2).fill(`CONNECT localhost:${server.port}`));
    expect(server.received.map(({ method }) => method)).toEqual(["info"]);
  },
);

test("a client gives the proxy the user and password of its address", async () => {
  await using server = await startScripted("http", () => info);
  await using proxy = await startHttpProxy();
  const address = proxy.url.replace("//", "//ann:pass%21@");
  expect(await call(server.url, { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: address })).toEqual({});
  expect(proxy.authorization()).toBe(`Basic ${btoa("ann:pass!")}`);
  expect(server.received[0]?.headers.has("proxy-authorization")).toBe(false);
});

test.each(["http", "https"])(
  "an error over %s names a proxy that is away, and not its password",
  async (scheme) => {
    const port = await unusedPort();
    const proxies = { HTTP_PROXY: `http://ann:secret@127.0.0.1:${port}` };
    const outcome = await call(`${scheme}://centrifugo.test/api`, { NODE_USE_ENV_PROXY: "1", ...proxies });
    expect(outcome).toMatchObject({ name: "CentNetworkError", maybeExecuted: false });
    expect(outcome.message).toContain(
      `ECONNREFUSED 127.0.0.1:${port} (${scheme}://centrifugo.test through the proxy http://127.0.0.1:${port})`,
    );
    expect(JSON.stringify(outcome)).not.toContain("secret");
  },
);

test.each([
  ["https", 403, "Proxy response (403)"],
  ["https", 407, "Proxy response (407)"],
  ["http", 407, "Proxy Authentication Required (407)"],
])("an error over %s names the proxy that refuses with %i", async (scheme, status, reason) => {
  await using proxy = await startHttpProxy(status);
  const outcome = await call(`${scheme}://centrifugo.test/api`, {
    NODE_USE_ENV_PROXY: "1",
    HTTP_PROXY: proxy.url,
  });
  expect(outcome).toMatchObject({ name: "CentNetworkError", maybeExecuted: false });
  expect(outcome.message).toContain(reason);
  expect(outcome.message).toContain(`(${scheme}://centrifugo.test through the proxy ${proxy.url})`);
});

test("a proxy that leaves CONNECT unanswered fails a call within connectTimeoutMs, and the process ends", async () => {
  await using proxy = await startHttpProxy(0);
  const variables = { NODE_USE_ENV_PROXY: "1", HTTP_PROXY: proxy.url };
  const outcome = await call("https://centrifugo.test/api", variables);
  expect(outcome).toMatchObject({ name: "CentNetworkError", maybeExecuted: false });
  expect(outcome.message).toContain(`through the proxy ${proxy.url}`);
});

test("a certificate that is not trusted fails a call through a tunnel, and the process ends", async () => {
  await using server = await startScripted("http", () => info, { tls: serverCertificate });
  await using proxy = await startHttpProxy();
  const variables = { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: "" };
  const outcome = await call(`https://localhost:${server.port}/api`, variables);
  expect(outcome).toMatchObject({ name: "CentNetworkError", maybeExecuted: false });
  expect(outcome.message).toContain("certificate");
});
