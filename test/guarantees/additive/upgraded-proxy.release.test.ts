import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asUpstream, fixtureProject, run } from "../../upgrade/fixture-project.ts";

const program = `
import type { ModerateRequest, PublishResult } from "tscent/proxy";
import { createProxy, deny } from "tscent/proxy";

const later: PublishResult = { priority: 2n, shownAt: new Date(1_900_000_000_000) };
const proxy = createProxy({
  secret: false,
  publish: { "chat:*": ({ device }) => ({ ...later, data: device }) },
  moderate: {
    "chat:*": ({ channel, data, userAgent }: ModerateRequest) =>
      channel === "chat:no" ? deny() : { verdict: { label: userAgent, data } },
  },
});
const ask = async (event: string, request: object) => {
  const body = JSON.stringify(request);
  const response = await proxy.fetch(new Request("http://app/" + event, { method: "POST", body }));
  console.log(response.status, await response.text());
};
await ask("publish", { channel: "chat:1", device: "d" });
await ask("moderate", { channel: "chat:1", user_agent: "ua", b64data: "AP8=" });
await ask("moderate", { channel: "chat:no" });
await ask("moderate", { channel: "other" });
// @ts-expect-error no such field
createProxy({ secret: false, moderate: { "*": () => ({ verdikt: {} }) } });
`;

const newerProxy = asUpstream(
  readFileSync("proto/centrifugal/centrifugo/proxy/proxy.proto", "utf8")
    .replace(
      /^service CentrifugoProxy \{/m,
      "$&\n  rpc Moderate(ModerateRequest) returns (ModerateResponse) {}",
    )
    .replace(/^message PublishRequest \{/m, "$&\n  string device = 1001;")
    .replace(/^message PublishResult \{/m, "$&\n  int64 priority = 1001;\n  int64 shown_at = 1002;"),
).concat(`
message ModerateRequest {
  string channel = 1;
  bytes data = 2;
  string b64data = 3;
  string user_agent = 4;
}
message ModerateResponse { ModerateResult result = 1; Error error = 2; Disconnect disconnect = 3; }
message ModerateResult { Verdict verdict = 1; }
message Verdict { string label = 1; bytes data = 2; string b64data = 3; }
`);

test("an upgrade to a newer proxy.proto needs no edit of src: its events have types, and are answered", async () => {
  const config = JSON.parse(readFileSync("tsconfig.json", "utf8"));
  const tsconfig = JSON.stringify({ ...config, include: ["src", "gen", "program.ts"] });
  using project = fixtureProject({ "program.ts": program, "tsconfig.json": tsconfig }, [
    "src",
    "package.json",
  ]);
  const { code, error, report } = await run(project, newerProxy, ["--skip-tests"]);
  expect([code, error]).toEqual([0, ""]);
  expect(report).toContain("- Rpc `centrifugal.centrifugo.proxy.CentrifugoProxy.Moderate`.");
  expect(project.git("status", "--porcelain", "src")).toBe("");
  const command = ["--conditions=tscent-source", "program.ts"];
  const output = execFileSync("node", command, { cwd: project.path, encoding: "utf8" });
  expect(output.trim().split("\n")).toEqual([
    '200 {"result":{"priority":2,"shown_at":1900000000,"data":"d"}}',
    '200 {"result":{"verdict":{"label":"ua","b64data":"AP8="}}}',
    '200 {"error":{"code":403,"message":"permission denied"}}',
    '200 {"error":{"code":403,"message":"permission denied"}}',
  ]);
}, 60_000);
