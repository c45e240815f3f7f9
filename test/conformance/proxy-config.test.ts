import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Centrifuge } from "centrifuge/build/protobuf";
import { describe, expect, inject, test } from "vitest";
import type { ProxyOptions } from "../../src/proxy/index.ts";
import { createProxy } from "../../src/proxy/index.ts";
import { obstacle, startProxied, titleOf, trackSecret } from "./proxied-centrifugo.ts";
import { transports } from "./servers.ts";
import { connectTo } from "./watched-client.ts";

const secret = "the-secret";
const yes = () => ({});
const stream = async function* () {
  yield {};
};
/** Every event that Centrifugo without PRO fires. */
const everyEvent: ProxyOptions = {
  secret,
  connect: () => ({ user: "42" }),
  refresh: () => undefined,
  subscribe: { "*": yes, "chat:*": yes },
  publish: { "chat:*": yes },
  subRefresh: { "chat:*": () => undefined },
  rpc: { "*": ({ data }) => ({ data }), "admin:*": yes },
  mapPublish: { "board:*": yes },
  mapRemove: { "board:*": yes },
  sharedPollRefresh: { "poll:*": yes },
  subscribeUnidirectional: { "ticks:*": stream },
  subscribeBidirectional: { "talk:*": stream },
};

describe.skipIf(obstacle !== "")(titleOf("proxy.config() and a real Centrifugo"), () => {
  test.each(["http://127.0.0.1:3000/c", "https://app/c", "grpc://127.0.0.1:3001"])(
    "checkconfig accepts the configuration of all events at %s",
    async (url) => {
      const options = { url, streamUrl: "grpc://127.0.0.1:3001", timeout: "3s", binaryEncoding: true };
      const headers = { httpHeaders: ["Cookie"], emulatedHeaders: ["Authorization"], grpcMetadata: ["X-A"] };
      const config = createProxy(everyEvent).config({ ...options, ...headers });
      const text = JSON.stringify({ ...config, shared_poll: { hmac_secret_key: trackSecret } });
      const { location } = inject("realServer");
      if (location === undefined || !("binary" in location)) throw new Error("there is no binary");
      const folder = mkdtempSync(join(tmpdir(), "checkconfig-"));
      try {
        writeFileSync(join(folder, "config.json"), text);
        const env = { PATH: process.env.PATH };
        const check = promisify(execFile)(location.binary, ["checkconfig", "--strict", "-c", "config.json"], {
          cwd: folder,
          env,
        });
        // `--strict` refuses unknown keys.
        expect(await check).toEqual({ stdout: "", stderr: "" });
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );

  describe.each(transports)("with binaryEncoding over %s", (transport) => {
    test("bytes that are not JSON come and go", async () => {
      const seen: unknown[] = [];
      const look = ({ data }: { data?: unknown }) => {
        seen.push(data);
        return { data: data as object };
      };
      const proxy = createProxy({ secret, connect: () => ({ user: "42" }), rpc: { "*": look } });
      await using server = await startProxied(proxy, transport, {}, { binaryEncoding: true });
      const url = `${server.webSocketUrl}?cf_protocol=protobuf`;
      const client = new Centrifuge(url, { websocket: WebSocket });
      try {
        client.connect();
        await client.ready(5_000);
        const bytes = new Uint8Array([0, 255, 123]);
        expect(new Uint8Array((await client.rpc("echo", bytes)).data)).toEqual(bytes);
        const json = new TextEncoder().encode('{"a":[1]}');
        expect(new Uint8Array((await client.rpc("echo", json)).data)).toEqual(json);
        expect(seen).toEqual([bytes, { a: [1] }]);
      } finally {
        client.disconnect();
      }
    });
  });

  test.each(transports)(
    "a proxy with another secret than the configuration's answers nobody over %s",
    async (transport) => {
      const asked: unknown[] = [];
      const connect = (request: unknown) => {
        asked.push(request);
        return { user: "42" };
      };
      const { fetch, node, routes } = createProxy({ secret: "another-secret", connect });
      const { config } = createProxy({ secret, connect });
      await using server = await startProxied({ fetch, node, routes, config }, transport);
      const client = connectTo(server.webSocketUrl);
      const error = { code: 100, message: "internal server error", temporary: true };
      await client.sees("error", { type: "connect", error });
      client.of.disconnect();
      expect(asked).toEqual([]);
    },
  );
});
