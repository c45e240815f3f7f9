import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentrifugoApi, InfoResponseSchema } from "#api";
import { findCentrifugo, locateCentrifugo } from "../../scripts/real-centrifugo.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { httpExchanges, methodOf } from "../harness/recorded-exchanges.ts";
import { startScripted } from "../harness/scripted-server.ts";
import { ca, serverCertificate } from "../harness/test-certificates.ts";
import { serverThat } from "./answering-server.ts";
import { folder, image, newer } from "./descriptor-image.ts";
import { runCommand } from "./run-command.ts";

const all = methodTable(CentrifugoApi).methods.length;
const key = "a-key-that-nobody-may-see";
/** The methods that the recorded Centrifugo 6.9.1 lacks. A 404 with JSON is an error of a method that exists. */
const pro = new Set(
  httpExchanges()
    .filter(([, { response }]) => response.status === 404 && !response.body.startsWith("{"))
    .flatMap(([, { request }]) => methodOf(request)?.name ?? []),
);

interface Row {
  name: string;
  server?: boolean;
}

async function probed(args: readonly string[], environment?: Record<string, string>): Promise<Row[]> {
  const { code, out, complaint } = await runCommand(["methods", "--json", ...args], environment);
  expect([code, complaint]).toEqual([0, ""]);
  return (JSON.parse(out) as { methods: Row[] }).methods;
}

/** The methods of 6.9.1 that a server lacks, also with a newer schema in this package. */
async function lacking(args: readonly string[], environment?: Record<string, string>): Promise<string[]> {
  const release = ["--descriptor", "test/fixtures/centrifugo-6.9.1.binpb"];
  const rows = await probed([...release, ...args], environment);
  return rows.filter(({ server }) => server === false).map(({ name }) => name);
}

describe("methods", () => {
  test("methods lists the client's methods without a server", async () => {
    const { code, out } = await runCommand(["methods"], { CENT_API_KEY: key });
    expect(code).toBe(0);
    const lines = out.trimEnd().split("\n");
    expect(lines).toHaveLength(1 + all);
    expect(lines[0]).toMatch(/^METHOD +RPC +PATH +BATCH +PRO$/);
    expect(out).toMatch(/^rpc +RPC +rpc +yes$/m);
    expect(out).toMatch(/^batch +Batch +batch +no$/m);
    expect(out).toMatch(/^getUserStatus +GetUserStatus +get_user_status +yes +PRO$/m);
    const starts = lines.map((line) => [...line.matchAll(/(?<= {2})\S/g)].map(({ index }) => index));
    expect(new Set(starts.map((line) => line.slice(0, 3).join())).size).toBe(1);
  });

  test("methods --json has no `server` without a server", async () => {
    const rows = await probed([]);
    expect(rows).toHaveLength(all);
    const batch = {
      name: "presenceStats",
      rpc: "PresenceStats",
      path: "presence_stats",
      batch: true,
      pro: false,
    };
    expect(rows).toContainEqual(batch);
    expect(rows).toContainEqual({ name: "batch", rpc: "Batch", path: "batch", batch: false, pro: false });
  });

  test.each([
    ["the default prefix", {}],
    ["a prefix of its own", { handler_prefix: "/custom/x" }],
    ["errors as statuses", { error_mode: "transport" }],
  ])("methods tells what the embedded server lacks, with %s", async (_, settings) => {
    await using server = await startTestServer({ config: { http_api: { key, ...settings } } });
    const lacks = await lacking(["--url", `${server.httpUrl}/`, "--api-key", key]);
    expect(lacks).toHaveLength(19);
    expect(new Set(lacks)).toEqual(pro);
    expect(server.calls).toEqual([]);
  });

  test("methods takes server, key and time limit from the environment, and --offline asks no server", async () => {
    await using server = await startTestServer({ config: { http_api: { key } } });
    const environment = { CENT_URL: server.httpUrl, CENT_API_KEY: key, CENT_TIMEOUT_MS: "9000" };
    expect(await lacking([], environment)).toHaveLength(19);
    const offline = await probed(["--offline"], { ...environment, CENT_URL: "http://127.0.0.1:1" });
    expect(offline.some((row) => "server" in row)).toBe(false);
    const { complaint } = await runCommand(["methods"], { ...environment, CENT_TIMEOUT_MS: "soon" });
    expect(complaint).toBe("tscent: CENT_TIMEOUT_MS: expected milliseconds, got soon\n");
  });

  test("options override the environment, also one for gRPC", async () => {
    await using server = await startTestServer({ config: { http_api: { key } } });
    const environment = { CENT_TRANSPORT: "grpc", CENT_URL: server.grpcUrl, CENT_API_KEY: "another" };
    const options = ["--transport", "http", "--url", server.httpUrl, "--api-key", key];
    expect(await lacking(options, environment)).toHaveLength(19);
  });
});

describe("methods over gRPC", () => {
  test("methods asks the embedded server, executes nothing, and cannot tell PRO's methods", async () => {
    await using server = await startTestServer({ config: { grpc_api: { enabled: true, key } } });
    const options = ["--transport", "grpc", "--url", server.grpcUrl];
    const rows = (await probed(options)) as (Row & { pro: boolean })[];
    expect(rows).toHaveLength(all);
    for (const { pro: isPro, server: has } of rows) expect(has).toBe(isPro ? undefined : true);
    const { out } = await runCommand(["methods", ...options]);
    expect(out).toMatch(/^METHOD +RPC +PATH +BATCH +SERVER +PRO$/m);
    expect(out).toMatch(/^getUserStatus +GetUserStatus +get_user_status +yes +\? +PRO$/m);
    expect(out).toContain("has all 21 methods.\n? means that the server knows the name");
    expect(server.calls).toEqual([]);
  });

  test("methods complains of an address without a gRPC API", async () => {
    await using server = await startTestServer();
    const complaintAt = async (url: string) =>
      (await runCommand(["methods", "--transport=grpc", "--timeout-ms=2000", `--url=${url}`])).complaint;
    expect(await complaintAt("http://127.0.0.1:1")).toMatch(
      /^tscent: http:\S+: connect ECONNREFUSED [^\n]+\n$/,
    );
    expect(await complaintAt(server.httpUrl)).toMatch(/^tscent: http:\S+: [^\n]+\n$/);
  });

  test("methods asks a gRPC server over TLS, and complains of certificates that cannot be read", async () => {
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };
    const answer = () => create(InfoResponseSchema, { result: { nodes: [] } });
    await using secure = await startScripted("grpc", answer, { tls: serverCertificate });
    const tscent = (...args: string[]) =>
      runCommand(["methods", "--transport=grpc", `--url=${secure.url}`, ...args]);
    expect((await tscent()).complaint).toMatch(/^tscent: https:\S+ [^\n]*certificate[^\n]*\n$/);
    expect((await tscent("--tls-ca", file("bad.pem", "bad"))).complaint).toMatch(/^tscent: tls\.ca: /);
    const { complaint } = await tscent("--tls-ca", file("ca.pem", ca));
    expect(complaint).not.toContain("certificate");
  });

  test("methods finds what an older gRPC server lacks", async () => {
    await using server = await startTestServer({ config: { grpc_api: { enabled: true, key } } });
    const rows = await probed([
      ...["--transport", "grpc", "--url", server.grpcUrl],
      ...["--descriptor", image(newer)],
    ]);
    expect(rows.filter(({ server: has }) => has === false).map(({ name }) => name)).toEqual(["httpStats"]);
  });
});

const obstacle =
  locateCentrifugo() === undefined ? " (skipped: none was found; CENTRIFUGO_BIN names a binary)" : "";

test.skipIf(obstacle !== "")(
  `methods tells what a real Centrifugo lacks${obstacle}`,
  async () => {
    await using server = await findCentrifugo({ http_api: { error_mode: "transport" } });
    const lacks = await lacking(["--url", server?.httpUrl ?? "", "--api-key", server?.apiKey ?? ""]);
    expect(new Set(lacks)).toEqual(pro);
    const overGrpc = await probed(["--transport", "grpc", "--url", server?.grpcUrl ?? ""]);
    expect(new Set(overGrpc.filter((row) => row.server === undefined).map(({ name }) => name))).toEqual(pro);
    expect(overGrpc.filter((row) => row.server === false)).toEqual([]);
  },
  20_000,
);

test("methods sends bodies that no server can execute", async () => {
  await using server = await serverThat((path) => ({ status: path.endsWith("/info") ? 400 : 404 }));
  await runCommand(["methods", "--url", server.url]);
  expect(server.bodies).toHaveLength(all + 1);
  for (const body of server.bodies) {
    expect(body).not.toBe("");
    expect(() => JSON.parse(body)).toThrow(SyntaxError);
  }
});
