import { fileURLToPath } from "node:url";
import { describe, expect, inject, test } from "vitest";
import type { CentError } from "../../src/index.ts";
import { createClient } from "../../src/index.ts";
import { rejection } from "../harness/expected-error.ts";
import type { Mistake, MistakenServer } from "../harness/mistakes.ts";
import { mistakes, tlsMistakes } from "../harness/mistakes.ts";
import { startCentrifugoUnchanged } from "../harness/unchanged-centrifugo.ts";
import { clientOf, describeEachServer, transports, whyNotReal } from "./servers.ts";

/** Makes the mistake, and checks what its error says. */
async function expectHint({ options, call, error, hint }: Mistake, server: MistakenServer): Promise<void> {
  await using cent = createClient({ ...options(server), retry: false, timeoutMs: 5_000 });
  const thrown = (await rejection(call === undefined ? cent.info() : call(cent))) as CentError;
  expect([thrown.name, thrown.message]).toEqual([error, expect.stringMatching(/^\w+: ./)]);
  expect(thrown.message.endsWith(`: ${hint(server)}`), thrown.message).toBe(true);
  expect(thrown.maybeExecuted && thrown.name !== "CentNetworkError").toBe(false);
}

describeEachServer(
  (kind) => {
    test.each(mistakes)("$title gives a hint", async (mistake) => {
      await using server = await kind.start();
      await expectHint(mistake, { ...server, grpcApiKey: server.apiKey });
    });

    test("a redirect gives the address to use", async () => {
      await using server = await kind.start();
      const { apiKey, httpUrl } = server;
      const url = httpUrl.replace(/\/api$/, "//api");
      await using cent = createClient({ url, apiKey, retry: false });
      const { message } = (await rejection(cent.info())) as CentError;
      // The embedded server does not clean paths as Go does.
      if (kind.isReal)
        expect(message).toBe(
          `info: HTTP 307: a redirect, which is not followed; give its target as url: ${httpUrl}`,
        );
    });

    test.each(transports)("API errors over %s name the channel, and give hints", async (transport) => {
      await using server = await kind.start();
      await using cent = clientOf(server, transport);
      const calls = [
        cent.history({ channel: "plain:a" }),
        cent.presenceStats({ channel: "plain:a" }),
        cent.publish({ channel: "none:a", data: 1 }),
        cent.publish({ channel: "board:a", data: 1 }),
        cent.mapClear({ channel: "plain:a" }),
        cent.sharedPollPublish({ channel: "quiet:a", key: "k", version: 1 }),
        cent.channels({ pattern: "[" }, { retry: false }),
        cent.rpc({ method: "none" }),
        cent.history({ channel: "a", since: { offset: 1, epoch: "other" } }),
      ];
      const errors = (await Promise.all(calls.map(rejection))) as CentError[];
      expect(errors.map(({ message }) => message)).toEqual([
        "history of plain:a: not available (108): the namespace keeps no history; set history_size and history_ttl",
        "presenceStats of plain:a: not available (108): the namespace keeps no presence; set presence",
        "publish to none:a: unknown channel (102): the namespace, the text before the colon, is not in the server's channel.namespaces",
        "publish to board:a: bad request (107): the namespace takes other data (publication_data_format), or is for maps or shared polls (subscription_type)",
        "mapClear of plain:a: bad request (107): the namespace is not one for maps (subscription_type), or a field is invalid",
        "sharedPollPublish to quiet:a: not available (108): the namespace takes no publications; set shared_poll.publish_enabled",
        "channels: internal server error (100): pattern may be no valid glob; otherwise the server or its broker failed; its log says more",
        "rpc: not found (104): the server has no RPC method of this name; open-source Centrifugo has none at all",
        "history of a: unrecoverable position (112): the epoch is that of an older stream, or the position was trimmed; read again without a position",
      ]);
    });
  },
  { needs: "a configuration of its own" },
);

const obstacle = whyNotReal("a configuration of its own");

describe.skipIf(obstacle !== "")(`a real Centrifugo with TLS${obstacle && ` (skipped: ${obstacle})`}`, () => {
  const file = (name: string) =>
    fileURLToPath(new URL(`../harness/test-only-certificates/${name}.pem`, import.meta.url));
  const tls = { enabled: true, cert_pem: file("server"), key_pem: file("server-key") };

  test.each(tlsMistakes)("$title gives a hint", async (mistake) => {
    const { location } = inject("realServer");
    if (location === undefined || !("binary" in location)) throw new Error("there is no binary");
    const config = {
      http_server: { tls },
      http_api: { key: "key-http" },
      grpc_api: { enabled: true, key: "key-grpc", tls },
    };
    await using server = await startCentrifugoUnchanged(location.binary, JSON.stringify(config));
    const secure = (url: string) => url.replace(/^http:/, "https:");
    const urls = { httpUrl: secure(server.httpUrl), grpcUrl: secure(server.grpcUrl) };
    await expectHint(mistake, { ...urls, apiKey: "key-http", grpcApiKey: "key-grpc" });
  });
});
