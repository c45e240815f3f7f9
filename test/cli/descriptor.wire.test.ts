import { expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { startTestServer } from "../../src/testing/index.ts";
import { image, newer } from "./descriptor-image.ts";
import { runCommand } from "./run-command.ts";

test("--descriptor --json lists the differences, and the methods that a server lacks", async () => {
  await using server = await startTestServer();
  const file = image(newer);
  const address = ["--url", server.httpUrl, "--api-key", server.apiKey];
  const { out } = await runCommand(["methods", "--descriptor", file, "--json", ...address]);
  const report = JSON.parse(out);
  const service = CentrifugoApi.typeName;
  expect(report.descriptor).toEqual({ file, service, added: ["httpStats"], missing: ["cancelPush"] });
  const names = new Map(report.methods.map((method: { name: string }) => [method.name, method]));
  expect(names.get("httpStats")).toEqual({
    name: "httpStats",
    rpc: "HTTPStats",
    path: "http_stats",
    batch: false,
    pro: false,
    server: false,
  });
  expect(names.get("info")).toMatchObject({ batch: true, server: true });
  expect(names.has("cancelPush")).toBe(false);
});
