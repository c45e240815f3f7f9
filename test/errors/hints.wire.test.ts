import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { CentrifugoApi } from "#api";
import { proMethods } from "../../gen/centrifugal/centrifugo/api/pro_methods.ts";
import { defineChannels } from "../../src/channels/index.ts";
import type { FailureFacts } from "../../src/errors/hints.ts";
import { failureHint } from "../../src/errors/hints.ts";
import type { CentError } from "../../src/index.ts";
import { CentApiResponseError, createClient, ErrorCode } from "../../src/index.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { clientOf, rejection } from "../harness/expected-error.ts";
import { ofGrpcHeaders, ofHttp, ofReply } from "../harness/misbehaving-server.ts";

const methods = methodTable(CentrifugoApi).methods.map(({ name }) => name);
const page = readFileSync("docs/troubleshooting.md", "utf8");

/** The hints of the page's tables, from one of its sections. */
function hintsIn(section: string): string[] {
  const [, text = ""] = page.split(new RegExp(`^## ${section}$`, "m"));
  const [table = ""] = text.split(/^## /m);
  return [...table.matchAll(/^\| `(.*?)` \|/gm)].map(([, hint = ""]) => hint);
}

function apiHint(code: number, method: string): string | undefined {
  const { message } = new CentApiResponseError(code, "no", { method });
  return message.slice(`${method}: no (${code}): `.length) || undefined;
}

const none: FailureFacts = {
  method: "info",
  said: "",
  key: undefined,
  code: undefined,
  isUnanswered: false,
  isUnsent: true,
};
const tlsCode = "ERR_SSL_WRONG_VERSION_NUMBER";

/** Facts of each failure that has a hint. */
const failures: readonly Partial<FailureFacts>[] = [
  { httpStatus: 404, url: "http://localhost:8000/info" },
  { httpStatus: 404, url: "http://localhost:8000/api/connections", method: "connections" },
  { httpStatus: 404, url: "http://localhost:8000/api/info" },
  { grpcStatus: 12, said: "info: unknown service api/centrifugal.centrifugo.api.CentrifugoApi" },
  { said: "Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)" },
  { code: "ERR_HTTP2_ERROR", said: "Protocol error" },
  { httpStatus: 404 },
  { code: tlsCode },
  { code: "ECONNREFUSED" },
  { httpStatus: 400, url: "http://localhost:8000/api/info", said: "an HTTP request to an HTTPS server" },
  { said: "the connection was closed before it was made (http://localhost:10000)" },
  { said: "other side closed (http://localhost:8000)", isUnanswered: true },
  { said: "other side closed (https://localhost:8000)", isUnanswered: true },
];
const keys = (["none", "apiKey", "bearerToken"] as const).flatMap((key): Partial<FailureFacts>[] => [
  { key, httpStatus: 401, url: "http://localhost:8000/api/info" },
  { key, grpcStatus: 16 },
]);
const hintOf = (facts: Partial<FailureFacts>) => failureHint({ ...none, ...facts });

describe("docs/troubleshooting.md", () => {
  test("the page has each hint for an API error, and no other", () => {
    // All PRO methods have one hint, in which the page names `connections`.
    const others = methods.filter((method) => !proMethods.includes(method) || method === "connections");
    const names = [...others, "deviceTopicUpdate"];
    const hints = Object.values(ErrorCode).flatMap((code) => names.map((name) => apiHint(code, name)));
    expect(hintsIn("API errors").sort()).toEqual([...new Set(hints)].sort());
  });

  test("the page has each hint about addresses, and no other", () => {
    const redirect = "a redirect, which is not followed; give its target as url: https://example.com/api";
    expect(hintsIn("The address and the port").sort()).toEqual([...failures.map(hintOf), redirect].sort());
  });

  test("the page has each hint about keys, and no other", () => {
    expect(hintsIn("The key").sort()).toEqual(keys.map(hintOf).sort());
  });

  test.each<[string, () => unknown]>([
    ["publish: channel: must not be empty", () => client.publish({ channel: "", data: 1 })],
    [
      "publish: chanel: unknown field; did you mean channel?",
      () => client.publish({ chanel: "a", data: 1 } as never),
    ],
    [
      "publish: data.text: Invalid input: expected string, received number (schema of chat:*)",
      () => typed.publish({ channel: "chat:1", data: { text: 1 as never } }),
    ],
    [
      "publish: channel: nothing is defined for nwes; did you mean news?",
      () => typed.publish({ channel: "nwes" as never, data: { text: "hi" } as never }),
    ],
    ["publish: data: is required", () => client.publish({ channel: "a" } as never)],
    [
      "url: is undefined; expected the address of the HTTP API, as in http://localhost:8000/api. Set the variable that it comes from",
      () => createClient({} as never),
    ],
    [
      "url: expected the address of the HTTP API, as in http://localhost:8000/api; this has no scheme, http:// or https://",
      () => createClient({ url: "localhost:8000/api" }),
    ],
  ])("the page quotes the message %j", async (message, run) => {
    expect(page).toContain(`| \`${message}\` |`);
    const thrown = await rejection(Promise.resolve().then(run));
    expect((thrown as Error).message).toBe(message);
  });
});

const client = createClient({ url: "http://localhost:1/api" });
const text = { data: z.object({ text: z.string() }) };
const channels = defineChannels({ "chat:*": text, news: text });
const typed = createClient({ url: "http://localhost:1/api", channels });

describe("hints", () => {
  test("a failure that says enough has no hint", () => {
    const others: Partial<FailureFacts>[] = [
      { httpStatus: 502, url: "http://localhost:8000/api/info" },
      { httpStatus: 401 },
      { httpStatus: 502 },
      { grpcStatus: 14 },
      { code: "ECONNRESET" },
      { code: "ERR_HTTP2_ERROR", isUnsent: false },
      { said: "the connection was closed before it was made (https://localhost:10000)" },
    ];
    expect(others.map(hintOf)).toEqual(others.map(() => undefined));
  });

  test("proMethods has methods of the client only", () => {
    expect(proMethods.filter((name) => !methods.includes(name))).toEqual([]);
    expect(proMethods.length).toBe(19);
  });

  test.each([
    ["https://user:pass@example.com/api/info?key=secret", "https://example.com/api"],
    ["/v1/api/info", "http://localhost:PORT/v1/api"],
    ["https://example.com/login", "https://example.com/login"],
    [`https://example.com/${"a".repeat(5_000)}`, `https://example.com/${"a".repeat(100)}`],
  ])("a redirect over HTTP to %s names the address to use", async (location, target) => {
    await using server = await ofReply(302, "", { location })();
    await using cent = clientOf("http", server, { url: `http://localhost:${server.port}/api` });
    const { message } = (await rejection(cent.info())) as CentError;
    const start = "info: HTTP 302: a redirect, which is not followed; give its target as url: ";
    expect(message).toContain(`${start}${target.replace("PORT", `${server.port}`)}`);
    expect(message.length).toBeLessThan(1_100);
    expect(message).not.toContain("pass");
  });

  test.each([undefined, "javascript:alert(1)", "http://["])(
    "a redirect over HTTP to %s asks for its target",
    async (location) => {
      await using server = await ofReply(301, "", location === undefined ? {} : { location })();
      await using cent = clientOf("http", server);
      await expect(cent.info()).rejects.toThrow(/^info: HTTP 301: .*; give its target as url$/);
    },
  );

  test("a redirect over gRPC names the server to use", async () => {
    const location = "https://example.com/centrifugal.centrifugo.api.CentrifugoApi/Info";
    await using server = await ofGrpcHeaders({ ":status": 308, location })();
    await using cent = clientOf("grpc", server);
    await expect(cent.info()).rejects.toThrow(
      "info: HTTP 308: a redirect, which is not followed; give its target as url: https://example.com",
    );
  });

  test("a connection that breaks after a reply gives no hint about its port", async () => {
    let requests = 0;
    await using server = await ofHttp((request, response) => {
      if (requests++ === 0) response.end('{"result":{}}');
      else request.socket.destroy();
    })();
    await using cent = clientOf("http", server, { maxInFlight: 1 });
    await cent.info();
    expect(((await rejection(cent.info())) as CentError).message).not.toContain("use transport");
  });
});
