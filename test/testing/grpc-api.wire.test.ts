import type { ClientHttp2Session } from "node:http2";
import { connect } from "node:http2";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { CentrifugoApi, PublishRequestSchema } from "#api";
import type { CentrifugoConfig } from "../../src/testing/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { sendGrpc } from "../harness/raw-grpc.ts";

const authorization = { authorization: "apikey api_key" };
const empty = new Uint8Array();

async function withServer(
  config: CentrifugoConfig | undefined,
  run: (session: ClientHttp2Session) => Promise<void>,
) {
  await using server = await startTestServer({ config });
  const session = connect(server.grpcUrl);
  try {
    await run(session);
  } finally {
    session.close();
  }
}

function publication(bytes: number): Uint8Array {
  return toBinary(
    PublishRequestSchema,
    create(PublishRequestSchema, { channel: "a", data: new Uint8Array(bytes) }),
  );
}

const call = (
  session: ClientHttp2Session,
  method: string,
  metadata: Record<string, string | string[]>,
  bytes: Uint8Array = empty,
) => sendGrpc(session, `/${CentrifugoApi.typeName}/${method}`, metadata, bytes);

test.each([
  ["apikey api_key", "0"],
  ["Apikey api_key", "16"],
  ["apikey  api_key", "16"],
  ["api_key", "16"],
  ["Bearer api_key", "16"],
])("a call with authorization %s has status %s", async (value, status) => {
  await withServer(undefined, async (session) => {
    expect(await call(session, "Channels", { authorization: value })).toMatchObject({ grpcStatus: status });
  });
});

test("any client may call a gRPC API without a key", async () => {
  await withServer({ http_api: { key: "k" } }, async (session) => {
    expect(await call(session, "Channels", {})).toMatchObject({ grpcStatus: "0" });
  });
});

test("unknown methods and services are reported without a key, and PRO methods only with one", async () => {
  await withServer(undefined, async (session) => {
    expect(await call(session, "Nope", {})).toMatchObject({
      grpcStatus: "12",
      grpcMessage: `unknown method Nope for service ${CentrifugoApi.typeName}`,
    });
    expect(await sendGrpc(session, "/a.B/C", {}, empty)).toMatchObject({
      grpcStatus: "12",
      grpcMessage: "unknown service a.B",
    });
    expect(await sendGrpc(session, "/x", {}, empty)).toMatchObject({
      grpcMessage: 'malformed method name: "/x"',
    });
    expect(await call(session, "BlockUser", {})).toMatchObject({ grpcStatus: "16" });
    expect(await call(session, "BlockUser", authorization)).toMatchObject({
      grpcStatus: "12",
      grpcMessage: "method BlockUser not implemented",
    });
  });
});

test("messages over 4 MiB, or the configured limit, are refused before the key is checked", async () => {
  const limit = 4 * 1024 * 1024;
  const overhead = publication(limit - 8).length - (limit - 8);
  await withServer(undefined, async (session) => {
    expect(await call(session, "Publish", authorization, publication(limit - overhead))).toMatchObject({
      grpcStatus: "0",
    });
    expect(await call(session, "Publish", {}, publication(limit - overhead + 1))).toMatchObject({
      grpcStatus: "8",
      grpcMessage: "grpc: received message larger than max (4194305 vs. 4194304)",
    });
  });
  await withServer({ grpc_api: { max_receive_message_size: 10 } }, async (session) => {
    expect(await call(session, "Publish", {}, publication(100))).toMatchObject({
      grpcMessage: "grpc: received message larger than max (105 vs. 10)",
    });
  });
});

test("malformed messages are refused before the key is checked", async () => {
  await withServer(undefined, async (session) => {
    expect(await call(session, "Publish", {}, new Uint8Array([10, 5, 1]))).toMatchObject({
      grpcStatus: "13",
      grpcMessage: "grpc: error unmarshalling request: proto: cannot parse invalid wire-format data",
    });
    expect(await call(session, "Publish", {}, new Uint8Array([10, 1, 255]))).toMatchObject({
      grpcMessage: "grpc: error unmarshalling request: string field contains invalid UTF-8",
    });
  });
});

test("the server refuses other content types, and accepts other gRPC subtypes", async () => {
  await withServer(undefined, async (session) => {
    const json = await call(session, "Channels", { ...authorization, "content-type": "application/json" });
    expect(json).toMatchObject({ httpStatus: 415, grpcStatus: "3" });
    const subtype = await call(session, "Channels", {
      ...authorization,
      "content-type": "application/grpc+x",
    });
    expect(subtype).toMatchObject({ httpStatus: 200, grpcStatus: "0" });
  });
});

test("transport error mode applies to a call by its first header value, or to all calls", async () => {
  await withServer(undefined, async (session) => {
    const mode = (value: string | string[]) =>
      call(session, "History", { ...authorization, "x-centrifugo-error-mode": value });
    expect(await mode(["transport", "x"])).toMatchObject({ grpcStatus: "3", grpcMessage: "bad request" });
    expect(await mode(["x", "transport"])).toMatchObject({ grpcStatus: "0" });
    expect(await mode("Transport")).toMatchObject({ grpcStatus: "0" });
  });
  await withServer({ grpc_api: { error_mode: "transport" } }, async (session) => {
    expect(await call(session, "History", {})).toMatchObject({ grpcStatus: "3", grpcMessage: "bad request" });
    expect(await call(session, "Batch", {})).toMatchObject({ grpcStatus: "0" });
  });
});
