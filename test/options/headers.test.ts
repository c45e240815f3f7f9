import { describe, expect, test } from "vitest";
import { PathError } from "../../src/codec/path-error.ts";
import type { CallOptions, ClientOptions } from "../../src/index.ts";
import { CentRequestError, createClient } from "../../src/index.ts";
import { authorization, isSecret } from "../../src/options/authorization.ts";
import { checkHeaders } from "../../src/options/headers.ts";
import { version } from "../../src/options/version.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

/** The headers that a call sends. */
async function sentWith(
  options: Partial<ClientOptions>,
  call?: CallOptions,
): Promise<Record<string, string>> {
  const { fetch, sent } = scriptedFetch();
  const client = createClient({ url: "http://centrifugo.test/api", http: { fetch }, ...options });
  await client.info({}, call);
  return Object.fromEntries(sent[0]?.headers ?? []);
}

describe("headers of a call", () => {
  test("a call sends only its content type and the SDK's name by default", async () => {
    expect(await sentWith({})).toEqual({
      "content-type": "application/json",
      "user-agent": `tscent/${version}`,
    });
  });

  test("a call sends the API key or the bearer token", async () => {
    expect(await sentWith({ apiKey: "key" })).toMatchObject({ authorization: "apikey key" });
    expect(await sentWith({ bearerToken: "a.b.c" })).toMatchObject({ authorization: "Bearer a.b.c" });
  });

  test("a call sends the client's headers, unless its own replace them", async () => {
    const headers = { "X-A": "client", "X-B": "client" };
    expect(await sentWith({ headers }, { headers: [["x-b", "call"]] })).toMatchObject({
      "x-a": "client",
      "x-b": "call",
    });
    expect(await sentWith({ headers: new Headers(headers) })).toMatchObject({
      "x-a": "client",
      "x-b": "client",
    });
  });

  test("a call sends the caller's authorization instead of the key", async () => {
    expect(await sentWith({ apiKey: "key" }, { headers: { Authorization: "Bearer x" } })).toMatchObject({
      authorization: "Bearer x",
    });
  });
});

describe("secret functions", () => {
  test("a secret function is asked for each call", async () => {
    const { fetch, sent } = scriptedFetch();
    let asked = 0;
    const apiKey = async () => `key${++asked}`;
    const client = createClient({ url: "http://centrifugo.test/api", apiKey, http: { fetch } });
    expect(asked).toBe(0);
    await client.info();
    await client.info();
    expect(sent.map(({ headers }) => headers.get("authorization"))).toEqual(["apikey key1", "apikey key2"]);
  });

  test.each<[string, () => unknown, string]>([
    ["gives nothing", () => undefined, "apiKey: the function gave no string of visible ASCII characters"],
    ["gives an empty string", async () => "", "apiKey: the function gave no string"],
    ["gives a line break", () => "secret\n", "apiKey: the function gave no string"],
    [
      "throws",
      () => Promise.reject(new Error("vault is shut")),
      "apiKey: the function failed; see the cause",
    ],
  ])("a secret function that %s rejects the call, and nothing is sent", async (_name, give, message) => {
    const { fetch, sent } = scriptedFetch();
    const apiKey = give as () => string;
    const client = createClient({ url: "http://centrifugo.test/api", apiKey, http: { fetch } });
    const error: unknown = await client.info().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ method: "info", field: "apiKey" });
    expect((error as Error).message).toContain(`info: ${message}`);
    expect(sent).toEqual([]);
  });

  test("authorization needs no promise for a string, nor without a secret", () => {
    expect(authorization("key", undefined)()).toEqual({ authorization: "apikey key" });
    expect(authorization(undefined, undefined)()).toEqual({});
  });
});

describe("checkHeaders", () => {
  test.each([
    ["connection", "x"],
    ["Content-Length", "5"],
    ["Content-Type", "text/plain"],
    ["expect", "100-continue"],
    ["Host", "x"],
    ["keep-alive", "x"],
    ["TE", "trailers"],
    ["Transfer-Encoding", "chunked"],
    ["upgrade", "h2c"],
  ])("the header %s belongs to the transport", (name, value) => {
    expect(() => checkHeaders({ [name]: value })).toThrow(PathError);
    expect(() => checkHeaders({ [name]: value })).toThrow(
      `headers.${name.toLowerCase()}: is set by the transport`,
    );
  });

  test.each([
    [null, "headers: expected an object"],
    ["a: b", "headers: expected an object"],
    [["a"], "headers: expected names and values that HTTP allows"],
    [{ "": "x" }, "headers: expected names and values that HTTP allows"],
    [{ "a:b": "x" }, "headers: expected names and values that HTTP allows"],
    [{ a: "line\r\nbreak" }, "headers: expected names and values that HTTP allows"],
    [{ a: "\u0001" }, "headers.a: expected ASCII characters"],
    [{ a: "😀" }, "headers: expected names and values that HTTP allows"],
    [{ a: "é" }, "headers.a: expected ASCII characters"],
  ])("the headers %o are refused", async (given, message) => {
    const headers = given as Record<string, string>;
    expect(() => checkHeaders(headers)).toThrow(message);
    const rejection = expect(sentWith({}, { headers })).rejects;
    await rejection.toBeInstanceOf(CentRequestError);
    await rejection.toMatchObject({ message: `info: ${message}`, method: "info" });
  });

  test("other headers are accepted, with lower-case names", () => {
    expect(checkHeaders(undefined)).toEqual({});
    expect(checkHeaders({ "X-A": " v ", "x-empty": "" })).toEqual({ "x-a": "v", "x-empty": "" });
    expect(
      checkHeaders([
        ["x-a", "1"],
        ["X-A", "2"],
      ]),
    ).toEqual({ "x-a": "1, 2" });
  });
});

test("a secret is visible ASCII, one character at least", () => {
  for (const secret of ["a", "a.b-c_d~+/=", "!", "~"]) expect(isSecret(secret), secret).toBe(true);
  for (const secret of ["", " ", "a b", "a\n", "\u007f", "é", 5, undefined, null, ["a"]]) {
    expect(isSecret(secret), `${secret}`).toBe(false);
  }
});
