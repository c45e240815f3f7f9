import { create } from "@bufbuild/protobuf";
import {
  EnumDescriptorProtoSchema,
  FieldDescriptorProtoSchema,
  FieldDescriptorProto_Label as Label,
  FieldDescriptorProto_Type as Type,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, test } from "vitest";
import { BatchResponseSchema, BroadcastResponseSchema, ErrorSchema, PublishResponseSchema } from "#api";
import { fieldsOf } from "../../src/codec/message-fields.ts";
import {
  CentApiResponseError,
  CentPartialError,
  CentUnimplementedError,
  createClient,
  ErrorCode,
  unwrap,
} from "../../src/index.ts";
import { startTestServer } from "../../src/testing/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import { fillMessage } from "../harness/filled-message.ts";
import { grpcFrame, ofGrpcHeaders, ofGrpcReply, ofReply } from "../harness/misbehaving-server.ts";
import { addNewFields, newerJson, newerServer } from "../harness/newer-server.ts";
import { changedService, messageNamed, oldService } from "../harness/old-server.ts";
import { resultOf } from "../harness/result-of.ts";
import { encodeStatus } from "../harness/rpc-status.ts";
import { protocols, table } from "../harness/scripted-server.ts";

const publish = { channel: "chat", data: 1 };
const unheardOf = { code: 114, message: "one that came later" };

describe.each(protocols)("%s: fields of a newer server", (protocol) => {
  const methods = table.methods.filter(({ command }) => command !== undefined);

  test.each(methods.map((method) => [method.name, method] as const))(
    "unknown fields in all messages of a %s result are ignored",
    async (name, { rpc }) => {
      const request = fillMessage(rpc.input, { method: name, int64: "number", shape: "full" });
      const filled = fillMessage(rpc.output, { method: name, int64: "number", shape: "full" });
      const response = create(rpc.output, { result: fieldsOf(filled.wire).result });
      await using server = await newerServer(protocol, rpc.output, response)();
      await using client = clientOf(protocol, server);
      const call: (request: unknown) => Promise<object> = Reflect.get(client, name);
      expect(await call(request.plain)).toStrictEqual(filled.plain.result);
    },
  );

  test("unknown fields in the replies of a batch are ignored", async () => {
    const publications = [{ offset: 3n, data: Buffer.from("1"), info: { user: "u" } }];
    const response = create(BatchResponseSchema, {
      replies: [
        { publish: { offset: 3n, epoch: "e" } },
        { error: unheardOf },
        { history: { publications, offset: 3n } },
        { broadcast: { responses: [{ error: unheardOf }, { result: { offset: 4n } }] } },
      ],
    });
    await using server = await newerServer(protocol, BatchResponseSchema, response)();
    await using client = clientOf(protocol, server);
    const { replies } = await client.batch({
      commands: [
        { publish },
        { info: {} },
        { history: { channel: "chat" } },
        { broadcast: { channels: ["a", "b"], data: 1 } },
      ],
    });
    const [published, info, history, broadcast] = replies;
    expect(published).toStrictEqual({ ok: true, result: resultOf("publish", { offset: 3, epoch: "e" }) });
    if (info.ok || !broadcast.ok) expect.fail("info is to fail, and the broadcast to succeed");
    const failed = expectError(info.error, CentApiResponseError, { method: "info", cause: false });
    expect([failed.code, failed.serverMessage]).toEqual([114, unheardOf.message]);
    const read = [{ offset: 3, data: 1, tags: {}, info: { user: "u", client: "" } }];
    expect(history).toStrictEqual({
      ok: true,
      result: resultOf("history", { publications: read, epoch: "", offset: 3 }),
    });
    expect(broadcast.result.responses[1]).toStrictEqual({
      ok: true,
      result: resultOf("publish", { offset: 4, epoch: "" }),
    });
  });
});

describe.each(protocols)("%s: an error code of a newer server", (protocol) => {
  test("ErrorCode does not have the code of these tests", () => {
    expect(Object.values(ErrorCode)).not.toContain(unheardOf.code);
  });

  test("an unknown error code is kept, also with unknown fields beside it", async () => {
    const response = create(PublishResponseSchema, { error: unheardOf });
    await using server = await newerServer(protocol, PublishResponseSchema, response)();
    await using client = clientOf(protocol, server);
    const error = expectError(await rejection(client.publish(publish)), CentApiResponseError, {
      cause: false,
    });
    expect([error.code, error.serverMessage]).toEqual([114, unheardOf.message]);
    expect(Object.keys(error).sort()).toEqual([
      "attempts",
      "channel",
      "code",
      "maybeExecuted",
      "method",
      "name",
      "serverMessage",
    ]);
  });

  test("an unknown error code is kept in transport error mode, also with unknown fields beside it", async () => {
    const detail = create(ErrorSchema, { ...unheardOf });
    addNewFields(ErrorSchema, detail);
    const headers = {
      "grpc-status": "9",
      "grpc-message": "something else",
      "grpc-status-details-bin": Buffer.from(encodeStatus(9, "something else", detail)).toString("base64"),
    };
    const start =
      protocol === "http" ? ofReply(500, newerJson(ErrorSchema, { ...unheardOf })) : ofGrpcHeaders(headers);
    await using server = await start();
    await using client = clientOf(protocol, server);
    const error = expectError(await rejection(client.publish(publish)), CentApiResponseError);
    expect([error.code, error.serverMessage]).toEqual([114, unheardOf.message]);
  });

  test("an unknown error code is kept for each channel of a broadcast, and by unwrap", async () => {
    const responses = [{ result: { offset: 1n } }, { error: unheardOf }];
    const response = create(BroadcastResponseSchema, { result: { responses } });
    await using server = await newerServer(protocol, BroadcastResponseSchema, response)();
    await using client = clientOf(protocol, server);
    const result = await client.broadcast({ channels: ["a", "b"], data: 1 });
    expect(result.responses[0]).toStrictEqual({
      ok: true,
      result: resultOf("publish", { offset: 1, epoch: "" }),
    });
    const thrown = await rejection((async () => unwrap(result.responses))());
    const { failures } = expectError(thrown, CentPartialError, { method: undefined });
    expect(failures.map(({ index }) => index)).toEqual([1]);
    const error = expectError(failures[0]?.error, CentApiResponseError, {
      method: "broadcast",
      cause: false,
    });
    expect([error.code, error.serverMessage]).toEqual([114, unheardOf.message]);
  });
});

describe.each(protocols)("%s: enums of a newer schema", (protocol) => {
  const typeName = ".centrifugal.centrifugo.api.Kind";
  const kind = { number: 100, label: Label.OPTIONAL, type: Type.ENUM, typeName };
  const service = changedService((file) => {
    const values = ["KIND_UNSPECIFIED", "KIND_KNOWN"].map((name, number) => ({ name, number }));
    file.enumType.push(create(EnumDescriptorProtoSchema, { name: "Kind", value: values }));
    const list = { ...kind, number: 101, label: Label.REPEATED };
    for (const name of ["PublishRequest", "PublishResult"]) {
      messageNamed(file, name).field.push(
        create(FieldDescriptorProtoSchema, { ...kind, name: "kind", jsonName: "kind" }),
        create(FieldDescriptorProtoSchema, { ...list, name: "kinds", jsonName: "kinds" }),
      );
    }
  });

  test("a result keeps the numbers of enum values without a name", async () => {
    // 9 as field 100, and as field 101 the packed 1, 9 and -1.
    const message = Buffer.from("1214" + "a00609" + "aa060c" + "0109ffffffffffffffffff01" + "0807", "hex");
    const json = '{"result":{"kind":9,"kinds":[1,9,-1],"offset":7}}';
    const start = protocol === "http" ? ofReply(200, json) : ofGrpcReply({ body: grpcFrame(message) });
    await using server = await start();
    const url = `http://127.0.0.1:${server.port}`;
    await using client = createClient({ service, transport: protocol, url });
    expect(await client.publish?.(publish)).toStrictEqual({
      offset: 7,
      epoch: "",
      kind: 9,
      kinds: [1, 9, -1],
    });
  });

  test("a request takes numbers of enum values without a name", async () => {
    const echo = ({ kind, kinds }: Record<string, unknown>) => ({ kind, kinds });
    await using server = await startTestServer({ service, methods: { publish: echo } });
    const url = protocol === "http" ? server.httpUrl : server.grpcUrl;
    await using client = createClient({ service, transport: protocol, url, apiKey: server.apiKey });
    const given = { kind: -5, kinds: [9, 0, 2147483647] };
    expect(await client.publish?.({ ...publish, ...given })).toMatchObject(given);
  });
});

describe.each(protocols)("%s: Centrifugo 6.1", (protocol) => {
  const unimplemented = protocol === "http" ? 404 : 12;

  async function start(methods: Record<string, () => object> = {}) {
    const server = await startTestServer({ service: oldService, methods });
    const url = protocol === "http" ? server.httpUrl : server.grpcUrl;
    const client = createClient({ transport: protocol, url, apiKey: server.apiKey });
    return {
      server,
      client,
      async [Symbol.asyncDispose]() {
        await client.close();
        await server.close();
      },
    };
  }

  const map = { channel: "scores", key: "k" };

  test.each<[method: string, request: object]>([
    ["mapPublish", { ...map, data: 1 }],
    ["mapRemove", map],
    ["mapReadState", { channel: "scores" }],
    ["mapReadStream", { channel: "scores" }],
    ["mapStats", { channel: "scores" }],
    ["mapClear", { channel: "scores" }],
    ["sharedPollPublish", { ...map, version: 1 }],
  ])("%s on Centrifugo 6.1 is a CentUnimplementedError", async (method, request) => {
    await using old = await start();
    const call: (request: unknown, options?: object) => Promise<object> = Reflect.get(old.client, method);
    for (const headers of [{}, { "x-centrifugo-error-mode": "transport" }]) {
      const thrown = await rejection(call(request, { headers }));
      const error = expectError(thrown, CentUnimplementedError, { method });
      expect(error.httpStatus ?? error.grpcStatus).toBe(unimplemented);
    }
  });

  test.each([false, true])(
    "Centrifugo 6.1 refuses only the new commands of a batch with parallel: %s",
    async (parallel) => {
      await using old = await start();
      const { replies } = await old.client.batch({
        parallel,
        commands: [
          { mapStats: { channel: "scores" } },
          { publish },
          { mapPublish: { ...map, data: 1 } },
          { info: {} },
        ],
      });
      expect(replies.map(({ ok }) => ok)).toEqual([false, true, false, true]);
      for (const [index, method] of [
        [0, "mapStats"],
        [2, "mapPublish"],
      ] as const) {
        const reply = replies[index];
        if (reply.ok) expect.fail(`${method} succeeded`);
        const error = expectError(reply.error, CentApiResponseError, { method, cause: false });
        expect([error.code, error.serverMessage]).toEqual([ErrorCode.NOT_FOUND, "not found"]);
      }
      const alone = await old.client.batch({ commands: [{ mapClear: { channel: "scores" } }], parallel });
      expect(alone.replies).toMatchObject([{ ok: false, error: { code: 104, method: "mapClear" } }]);
    },
  );

  test("Centrifugo 6.1 ignores unknown fields of a request", async () => {
    await using old = await start();
    const versions = [10, 5].map((version) => ({ ...publish, version, versionEpoch: "e" }));
    for (const [index, versioned] of versions.entries()) {
      expect(await old.client.publish(versioned)).toMatchObject({ offset: index + 1 });
    }
    // In a batch, too.
    const { replies } = await old.client.batch({ commands: versions.map((one) => ({ publish: one })) });
    expect(unwrap(replies).map((result) => Reflect.get(result, "offset"))).toEqual([3, 4]);
    const users = ["ann", "bob"].map((user) => old.server.connect({ user }));
    const labelFilter = { op: "and", nodes: [{ key: "plan", cmp: "eq", val: "free" }] };
    await old.client.disconnect({ user: "ann", labelFilter, allUsers: true });
    expect(users.map(({ disconnected }) => disconnected !== undefined)).toEqual([true, false]);
  });

  test("result fields that Centrifugo 6.1 leaves out have their zero values", async () => {
    await using old = await start({ connections: () => ({ connections: { c: { user: "ann" } } }) });
    const { connections } = await old.client.connections();
    expect(connections.c).toMatchObject({ user: "ann", connectedAtMs: 0, pingPongLatencyMs: 0, labels: {} });
    await using exact = createClient({
      transport: protocol,
      url: protocol === "http" ? old.server.httpUrl : old.server.grpcUrl,
      apiKey: old.server.apiKey,
      int64: "bigint",
    });
    expect((await exact.connections()).connections.c?.connectedAtMs).toBe(0n);
  });

  test("a client of the 6.1 schema has no newer methods, and no newer fields in results", async () => {
    const connections = { c: { user: "ann", connectedAtMs: 5, labels: { plan: "free" } } };
    await using server = await startTestServer({ methods: { connections: () => ({ connections }) } });
    const url = protocol === "http" ? server.httpUrl : server.grpcUrl;
    await using client = createClient({
      service: oldService,
      transport: protocol,
      url,
      apiKey: server.apiKey,
    });
    expect(client.mapStats).toBeUndefined();
    const result = await client.connections?.();
    expect(result).toMatchObject({ connections: { c: { user: "ann" } } });
    expect(JSON.stringify(result)).not.toMatch(/labels|plan|connectedAt/);
  });
});
