import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import type { CentClient, ClientOptions } from "../../src/index.ts";
import { CentRequestError, createClient } from "../../src/index.ts";
import { version } from "../../src/options/version.ts";
import { expectError, rejection, secret } from "../harness/expected-error.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
type Options = Partial<Omit<ClientOptions, "int64" | "service">>;

async function withServer(
  protocol: Protocol,
  options: Options,
  use: (client: CentClient, sent: () => Headers) => Promise<void>,
) {
  await using server = await startScripted(protocol, () => info);
  await using client = createClient({ transport: protocol, url: server.url, ...options });
  await use(client, () => {
    const last = server.received.at(-1);
    if (last === undefined) throw new Error("the server received nothing");
    return last.headers;
  });
}

const reserved = [
  "accept-encoding",
  "connection",
  "content-length",
  "content-type",
  "expect",
  "Host",
  "keep-alive",
  "TE",
  "transfer-encoding",
  "upgrade",
];

describe.each(protocols)("%s", (protocol) => {
  test("headers of the client and of the call arrive, and the call's override the client's", async () => {
    const headers = { "X-Client": "a", "x-both": "client" };
    await withServer(protocol, { headers }, async (client, sent) => {
      await client.info({}, { headers: { "X-Call": "b", "X-Both": "call" } });
      expect([sent().get("x-client"), sent().get("x-call"), sent().get("x-both")]).toEqual([
        "a",
        "b",
        "call",
      ]);
      await client.info();
      expect([sent().get("x-client"), sent().has("x-call"), sent().get("x-both")]).toEqual([
        "a",
        false,
        "client",
      ]);
    });
  });

  test.each<[string, HeadersInit]>([
    ["a Headers object", new Headers({ "x-one": "1" })],
    ["pairs", [["x-one", "1"]]],
    ["an object", { "x-one": "1" }],
  ])("headers may be %s", async (_title, headers) => {
    await withServer(protocol, { headers }, async (client, sent) => {
      await client.info();
      expect(sent().get("x-one")).toBe("1");
    });
    await withServer(protocol, {}, async (client, sent) => {
      await client.info({}, { headers });
      expect(sent().get("x-one")).toBe("1");
    });
  });

  test("header values of the same name arrive together", async () => {
    const headers: HeadersInit = [
      ["x-list", "a"],
      ["x-list", "b"],
    ];
    await withServer(protocol, { headers }, async (client, sent) => {
      await client.info();
      expect(sent().get("x-list")).toBe("a, b");
    });
  });

  test("the apiKey is sent as an authorization of the scheme apikey", async () => {
    await withServer(protocol, { apiKey: secret }, async (client, sent) => {
      await client.info();
      expect(sent().get("authorization")).toBe(`apikey ${secret}`);
    });
  });

  test("a client without a key sends no authorization", async () => {
    await withServer(protocol, {}, async (client, sent) => {
      await client.info();
      expect(sent().has("authorization")).toBe(false);
    });
  });

  test.each(["apiKey", "bearerToken"] as const)("a function as %s runs for each call", async (option) => {
    let asked = 0;
    const scheme = option === "apiKey" ? "apikey" : "Bearer";
    for (const give of [() => `key-${++asked}`, async () => `key-${++asked}`]) {
      asked = 0;
      await withServer(protocol, { [option]: give }, async (client, sent) => {
        expect(asked).toBe(0);
        for (const call of [1, 2, 3]) {
          await client.info();
          expect(sent().get("authorization")).toBe(`${scheme} key-${call}`);
        }
      });
    }
  });

  test("a bearerToken is sent as an authorization of the scheme Bearer", async () => {
    await withServer(protocol, { bearerToken: "a.b.c" }, async (client, sent) => {
      await client.info();
      expect(sent().get("authorization")).toBe("Bearer a.b.c");
    });
  });

  test("an authorization header of a call overrides the key", async () => {
    await withServer(protocol, { apiKey: secret }, async (client, sent) => {
      await client.info({}, { headers: { authorization: "apikey other" } });
      expect(sent().get("authorization")).toBe("apikey other");
    });
  });

  test("a request names the SDK and its version, unless the client or the call sets user-agent", async () => {
    await withServer(protocol, {}, async (client, sent) => {
      await client.info();
      expect(sent().get("user-agent")).toBe(`tscent/${version}`);
      await client.info({}, { headers: { "User-Agent": "call/1" } });
      expect(sent().get("user-agent")).toBe("call/1");
    });
    await withServer(protocol, { headers: { "User-Agent": "client/1" } }, async (client, sent) => {
      await client.info();
      expect(sent().get("user-agent")).toBe("client/1");
    });
  });

  test("an apiKey function that throws or gives no key is a CentRequestError", async () => {
    const thrown = new Error("the vault is closed");
    const failing: readonly (() => string | Promise<string>)[] = [
      () => {
        throw thrown;
      },
      () => Promise.reject(thrown),
    ];
    for (const apiKey of failing) {
      await withServer(protocol, { apiKey }, async (client) => {
        const error = expectError(await rejection(client.info()), CentRequestError, { method: "info" });
        expect(error.field).toBe("apiKey");
        expect(error.message).not.toContain("vault");
        expect(error.cause).toMatchObject({ cause: thrown });
      });
    }
    for (const wrong of ["", `${secret}\n`, `${secret} ü`, 42 as never, undefined as never]) {
      await withServer(protocol, { apiKey: () => wrong }, async (client) => {
        const error = expectError(await rejection(client.info()), CentRequestError, { method: "info" });
        expect(error.field).toBe("apiKey");
      });
    }
  });

  test.each(reserved)("callers cannot set the header %s", async (name) => {
    expect(() =>
      createClient({ transport: protocol, url: "http://127.0.0.1:1", headers: { [name]: "x" } }),
    ).toThrow(`headers.${name.toLowerCase()}`);
    await withServer(protocol, {}, async (client) => {
      const error = expectError(
        await rejection(client.info({}, { headers: { [name]: "x" } })),
        CentRequestError,
        {
          method: "info",
        },
      );
      expect(error.field).toBe(`headers.${name.toLowerCase()}`);
    });
  });

  test("a header that cannot be sent is refused, and its value is not shown", async () => {
    for (const headers of [
      { "x-key": `${secret}\n${secret}` },
      { "x-key": `${secret}ü` },
      { "x key": secret },
    ]) {
      await withServer(protocol, {}, async (client) => {
        expectError(await rejection(client.info({}, { headers })), CentRequestError, { method: "info" });
      });
      const create = () => createClient({ transport: protocol, url: "http://127.0.0.1:1", headers });
      expect(create).toThrow(TypeError);
      expect(create).not.toThrow(secret);
    }
  });

  test("a header of a call can ask for transport error mode", async () => {
    await withServer(protocol, {}, async (client, sent) => {
      await client.info({}, { headers: { "X-Centrifugo-Error-Mode": "transport" } });
      expect(sent().get("x-centrifugo-error-mode")).toBe("transport");
    });
  });
});

test("http: a request has the content type of JSON", async () => {
  await withServer("http", {}, async (client, sent) => {
    await client.info();
    expect(sent().get("content-type")).toBe("application/json");
  });
});
