import type { AddressInfo } from "node:net";
import { createServer as createTcpServer } from "node:net";
import { describe, expect, test } from "vitest";
import { startTestServer } from "../../src/testing/index.ts";
import type { Reply } from "./answering-server.ts";
import { serverThat } from "./answering-server.ts";
import { runCommand } from "./run-command.ts";

const key = "a-key-that-nobody-may-see";

describe("complaints of methods", () => {
  /** The complaint of `methods` for this address: one line, without the key. */
  async function complaintOf(url: string, environment: Record<string, string> = { CENT_API_KEY: key }) {
    const { code, out, complaint } = await runCommand(["methods", "--url", url], environment);
    expect([code, out]).toEqual([2, ""]);
    expect(complaint).toMatch(/^tscent: [^\n]+\n$/);
    expect(complaint).not.toContain(key);
    return complaint.slice("tscent: ".length, -1);
  }

  test("methods complains of an address without an API", async () => {
    await using server = await startTestServer({ config: { http_api: { key } } });
    const url = new URL("/", server.httpUrl).href;
    expect(await complaintOf(url)).toBe(
      `no Centrifugo API at ${url} (HTTP 404 for each method); the address ends with its handler_prefix, /api by default`,
    );
  });

  test("methods complains of an API at the root, where any path is a method", async () => {
    await using server = await startTestServer({ config: { http_api: { key, handler_prefix: "/" } } });
    expect(await complaintOf(server.httpUrl)).toContain("takes any path for a method");
  });

  test("methods complains of a key that is missing, wrong or malformed", async () => {
    await using server = await startTestServer({ config: { http_api: { key: "other" } } });
    const { httpUrl: url } = server;
    expect(await complaintOf(url)).toBe(
      `${url} refuses this key (HTTP 401); expected the key in http_api.key`,
    );
    expect(await complaintOf(url, {})).toBe(
      `${url} wants a key (HTTP 401): give it as CENT_API_KEY or --api-key`,
    );
    expect(await complaintOf(url, { CENT_API_KEY: "two words" })).toBe(
      "apiKey: expected one or more visible ASCII characters",
    );
  });

  test("methods complains of the address of a gRPC API", async () => {
    await using server = await startTestServer();
    expect(await complaintOf(server.grpcUrl)).toContain(
      "if that is a gRPC port, give the address of the HTTP API",
    );
  });

  test("methods complains of a port without a server", async () => {
    expect(await complaintOf("http://127.0.0.1:1/api")).toBe(
      "http://127.0.0.1:1/api: connect ECONNREFUSED 127.0.0.1:1",
    );
  });

  test("methods complains of a connection that breaks, and of a port without TLS", async () => {
    const server = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    expect(await complaintOf(`http://127.0.0.1:${port}/api`)).toMatch(
      /^http:\S+\/api: (?:other side closed|read ECONNRESET)$/,
    );
    expect(await complaintOf(`https://127.0.0.1:${port}/api`)).toMatch(
      /^https:\S+\/api: (?:Client network socket disconnected before secure TLS .*|read ECONNRESET)$/,
    );
    server.close();
    await using plain = await serverThat(() => ({ status: 200 }));
    const url = plain.url.replace("http:", "https:");
    expect(await complaintOf(url)).toBe(`${url}: TLS: wrong version number`);
  });

  test("methods complains of a reply that does not come in time", async () => {
    await using server = await serverThat(() => undefined);
    expect(await complaintOf(server.url, { CENT_TIMEOUT_MS: "50" })).toBe(
      `${server.url}: no complete reply within 50 ms`,
    );
  });

  test.each([
    [
      "localhost:8000/api",
      "url: expected the address of the HTTP API, as in http://localhost:8000/api; this has no scheme, http:// or https://",
    ],
    [
      "",
      "url: is empty; expected the address of the HTTP API, as in http://localhost:8000/api. Set the variable that it comes from",
    ],
    [`http://localhost/api?api_key=${key}`, "url: expected neither ? nor #; a key goes into apiKey"],
    [`http://me:${key}@localhost/api`, "url: expected no user and no password"],
  ])("methods complains of the address %j", async (url, complaint) => {
    expect(await complaintOf(url)).toBe(complaint);
  });

  test.each([
    ["a server that fails", { status: 500 }, /: HTTP 500/],
    [
      "a server that repeats the key",
      { status: 503, body: "$AUTHORIZATION" },
      /: HTTP 503: apikey \(secret\)$/,
    ],
    ["a server that redirects", { status: 302, headers: { location: "/" } }, /: HTTP 302: a redirect, /],
    [
      "a server that answers 200 to every request",
      { status: 200, body: "{}" },
      /is not a Centrifugo API: HTTP 200 for a body/,
    ],
  ])("methods complains of %s", async (_, reply: Reply, complaint) => {
    await using first = await serverThat((_path, authorization) => ({
      ...reply,
      ...(reply.body === undefined ? {} : { body: reply.body.replace("$AUTHORIZATION", authorization) }),
    }));
    expect(await complaintOf(first.url)).toMatch(complaint);
    // The same if only existing methods get this reply.
    await using later = await serverThat((path, authorization) =>
      path.endsWith("/no_such_method")
        ? { status: 404 }
        : { ...reply, body: (reply.body ?? "").replace("$AUTHORIZATION", authorization) },
    );
    expect(await complaintOf(later.url)).toMatch(complaint);
  });
});
