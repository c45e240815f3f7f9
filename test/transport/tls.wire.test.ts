import { createSecureServer } from "node:http2";
import { inspect } from "node:util";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { InfoResponseSchema } from "#api";
import type { ClientOptions } from "../../src/index.ts";
import { CentNetworkError, createClient } from "../../src/index.ts";
import { expectError, rejection, secret } from "../harness/expected-error.ts";
import { listen } from "../harness/listening-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols, startScripted } from "../harness/scripted-server.ts";
import { ca, clientCertificate, serverCertificate } from "../harness/test-certificates.ts";

const info = create(InfoResponseSchema, { result: { nodes: [] } });
type Tls = NonNullable<ClientOptions["tls"]>;

function secureClient(transport: Protocol, url: string, tls?: Tls) {
  return createClient({ transport, url, apiKey: secret, timeoutMs: 3_000, ...(tls && { tls }) });
}

const accepted: readonly [title: string, tls: Tls, host?: string][] = [
  ["ca", { ca }],
  ["ca as bytes, one of several", { ca: [Buffer.from(clientCertificate.cert), Buffer.from(ca)] }],
  ["ca and servername", { ca, servername: "tscent.test" }, "127.0.0.1"],
  ["rejectUnauthorized: false", { rejectUnauthorized: false }],
  ["rejectUnauthorized: false, for another name", { rejectUnauthorized: false }, "127.0.0.1"],
];

const refused: readonly [title: string, says: RegExp, tls?: Tls, host?: string][] = [
  ["no settings", /certificate/],
  ["another ca", /certificate/, { ca: clientCertificate.cert }],
  ["ca, for a host that is not in the certificate", /127\.0\.0\.1|altnames|Hostname/, { ca }, "127.0.0.1"],
  [
    "a servername that is not in the certificate",
    /other\.test|altnames|Hostname/,
    { ca, servername: "other.test" },
  ],
];

describe.each(protocols)("%s: tls", (protocol) => {
  test.each(accepted)("a call succeeds over TLS with %s", async (_title, tls, host = "localhost") => {
    await using server = await startScripted(protocol, () => info, { tls: serverCertificate });
    await using client = secureClient(protocol, server.url.replace("localhost", host), tls);
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  });

  test.each(refused)("a call fails over TLS with %s", async (_title, says, tls, host = "localhost") => {
    await using server = await startScripted(protocol, () => info, { tls: serverCertificate });
    await using client = secureClient(protocol, server.url.replace("localhost", host), tls);
    const error = expectError(await rejection(client.info()), CentNetworkError, { method: "info" });
    expect(error.message).toMatch(says);
    expect(server.received).toEqual([]);
  });

  const mutual = { ...serverCertificate, ca, requestCert: true, rejectUnauthorized: true };

  test("a client sends cert and key to a server that requires them", async () => {
    await using server = await startScripted(protocol, () => info, { tls: mutual });
    await using client = secureClient(protocol, server.url, { ca, ...clientCertificate });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  });

  test("a client without a required cert fails, and the next client with one works", async () => {
    await using server = await startScripted(protocol, () => info, { tls: mutual });
    for (let attempt = 0; attempt < 3; attempt++) {
      await using client = secureClient(protocol, server.url, { ca });
      const error = await rejection(client.info());
      expectError(error, CentNetworkError, { method: "info" });
    }
    await using client = secureClient(protocol, server.url, { ca, ...clientCertificate });
    expect(await client.info()).toEqual(resultOf("info", { nodes: [] }));
  });

  test("inspect shows neither the apiKey nor the private key of a client", async () => {
    await using client = secureClient(protocol, "https://localhost:1", { ca, ...clientCertificate });
    const shown = inspect(client, { depth: 10, showHidden: true });
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain("PRIVATE KEY");
    expect(shown).toContain("publish");
  });
});

test("the http transport speaks HTTP/1.1 over TLS, even if the server prefers HTTP/2", async () => {
  const versions: string[] = [];
  const server = createSecureServer({ ...serverCertificate, allowHTTP1: true });
  server.on("request", (request, response) => {
    versions.push(request.httpVersion);
    response.end('{"result":{}}');
  });
  await using listening = await listen(server);
  await using client = secureClient("http", `https://localhost:${listening.port}/api`, { ca });
  const many = await Promise.all(Array.from({ length: 200 }, () => client.info()));
  expect(many).toEqual(Array(200).fill(resultOf("info", { nodes: [] })));
  expect(new Set(versions)).toEqual(new Set(["1.1"]));
});

test.each(protocols)("%s: createClient refuses tls for a url without TLS", (transport) => {
  const create = () => createClient({ transport, url: "http://localhost:1", tls: { ca } });
  expect(create).toThrow(/^tls: /);
});
