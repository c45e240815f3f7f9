import { describe, expect, inject, test } from "vitest";
import { findCentrifugo } from "../../scripts/real-centrifugo.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { runCommand } from "../cli/run-command.ts";
import { protocols } from "../harness/scripted-server.ts";
import config from "./config.json" with { type: "json" };

const { missing } = inject("realServer");
const servers = [
  ["the embedded server", true, () => startTestServer({ config })],
  ["a real Centrifugo", missing === "", () => findCentrifugo(config)],
] as const;

describe.each(servers)("the command line with %s", (_name, isThere, start) => {
  test.skipIf(!isThere).each(protocols)(
    "%s: commands publish, read, ask for nodes, and fail",
    async (transport) => {
      await using server = await start();
      if (server === undefined) throw new Error("expected a server");
      const CENT_URL = transport === "grpc" ? server.grpcUrl : server.httpUrl;
      const environment = { CENT_TRANSPORT: transport, CENT_URL, CENT_API_KEY: server.apiKey };
      const tscent = (args: readonly string[], input = "") => runCommand(args, environment, { input });
      const channel = `cli-${transport}-${Date.now()}`;
      const data = '{"id":9007199254740993}';

      expect(await tscent(["publish", channel, data])).toMatchObject({ code: 0, complaint: "" });
      const lines = `{"channel":"${channel}","data":2}\n{"channel":"no-such:x","data":3}\n`;
      const many = await tscent(["publish-many"], lines);
      expect([many.code, many.out]).toEqual([1, "2 taken, 1 succeeded, 1 failed, 0 unknown\n"]);
      const history = await tscent(["history", channel, "--limit=-1", "--json"]);
      expect(history.out).toContain(`"data":${data}`);
      expect(JSON.parse(history.out).publications).toHaveLength(2);
      expect((await tscent(["info"])).out).toMatch(/^NODE +VERSION .*\n\S+ +\S+ OSS /);
      const ping = JSON.parse((await tscent(["ping", "--json"])).out);
      expect(ping).toMatchObject({ transport, nodes: 1, versions: [expect.stringMatching(/^[\d.]+ OSS$/)] });
      expect((await tscent(["presence", "no-such:x"])).code).toBe(3);
      expect((await tscent(["block-user", "42"])).code).toBe(7);
      expect((await tscent(["info", "--api-key=wrong"])).code).toBe(6);
      const methods = await tscent(["methods"]);
      expect(methods.code).toBe(0);
      expect(methods.out).toContain(
        transport === "grpc" ? " has all 21 methods." : " lacks 19 of 40 methods: ",
      );
    },
  );
});
