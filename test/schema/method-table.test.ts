import type { DescField, DescMessage, DescMethod, DescService } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { createClient } from "../../src/index.ts";
import { methodTable } from "../../src/schema/method-table.ts";
import { requiredFields } from "../../src/schema/required-fields.ts";
import { testRecordedRelease } from "../harness/schema-release.ts";

/** Client name, path and RPC of every method of Centrifugo 6.9.1. */
const expected = [
  ["publish", "publish", "Publish"],
  ["broadcast", "broadcast", "Broadcast"],
  ["subscribe", "subscribe", "Subscribe"],
  ["unsubscribe", "unsubscribe", "Unsubscribe"],
  ["disconnect", "disconnect", "Disconnect"],
  ["presence", "presence", "Presence"],
  ["presenceStats", "presence_stats", "PresenceStats"],
  ["history", "history", "History"],
  ["historyRemove", "history_remove", "HistoryRemove"],
  ["info", "info", "Info"],
  ["rpc", "rpc", "RPC"],
  ["refresh", "refresh", "Refresh"],
  ["channels", "channels", "Channels"],
  ["connections", "connections", "Connections"],
  ["updateUserStatus", "update_user_status", "UpdateUserStatus"],
  ["getUserStatus", "get_user_status", "GetUserStatus"],
  ["deleteUserStatus", "delete_user_status", "DeleteUserStatus"],
  ["blockUser", "block_user", "BlockUser"],
  ["unblockUser", "unblock_user", "UnblockUser"],
  ["revokeToken", "revoke_token", "RevokeToken"],
  ["invalidateUserTokens", "invalidate_user_tokens", "InvalidateUserTokens"],
  ["deviceRegister", "device_register", "DeviceRegister"],
  ["deviceUpdate", "device_update", "DeviceUpdate"],
  ["deviceRemove", "device_remove", "DeviceRemove"],
  ["deviceTopicUpdate", "device_topic_update", "DeviceTopicUpdate"],
  ["deviceList", "device_list", "DeviceList"],
  ["deviceTopicList", "device_topic_list", "DeviceTopicList"],
  ["userTopicList", "user_topic_list", "UserTopicList"],
  ["userTopicUpdate", "user_topic_update", "UserTopicUpdate"],
  ["sendPushNotification", "send_push_notification", "SendPushNotification"],
  ["updatePushStatus", "update_push_status", "UpdatePushStatus"],
  ["cancelPush", "cancel_push", "CancelPush"],
  ["mapPublish", "map_publish", "MapPublish"],
  ["mapRemove", "map_remove", "MapRemove"],
  ["mapReadState", "map_read_state", "MapReadState"],
  ["mapReadStream", "map_read_stream", "MapReadStream"],
  ["mapStats", "map_stats", "MapStats"],
  ["mapClear", "map_clear", "MapClear"],
  ["sharedPollPublish", "shared_poll_publish", "SharedPollPublish"],
  ["batch", "batch", "Batch"],
].sort();

const table = methodTable(CentrifugoApi);

describe("the method table", () => {
  test("the method table has the 40 methods of 6.9.1 under each of their names", () => {
    expect(expected).toHaveLength(40);
    const known = table.methods.filter(({ rpc }) => expected.some(([, , name]) => name === rpc.name));
    expect(known.map(({ name, path, rpc }) => [name, path, rpc.name]).sort()).toEqual(expected);
  });

  testRecordedRelease("the method table has no method that 6.9.1 lacks", () => {
    expect(table.methods).toHaveLength(40);
  });

  test("the method table has each unary RPC of the service once", () => {
    const unary = CentrifugoApi.methods.filter(({ methodKind }) => methodKind === "unary");
    expect(table.methods).toHaveLength(unary.length);
    expect(new Set(table.methods.map(({ rpc }) => rpc))).toEqual(new Set(unary));
  });

  test("the method table finds a method by each of its names, and by no other", () => {
    for (const method of table.methods) {
      expect(table.byName(method.name)).toBe(method);
      expect(table.byPath(method.path)).toBe(method);
      expect(table.byRpc(method.rpc)).toBe(method);
    }
    for (const name of ["presence_stats", "Publish", "", "constructor", "__proto__"]) {
      expect(table.byName(name), name).toBeUndefined();
    }
    expect(table.byPath("presenceStats")).toBeUndefined();
  });

  test("the method table has each method's field of Command, whose message is the RPC's input", () => {
    for (const { name, path, command, rpc } of table.methods) {
      if (command === undefined) continue;
      expect(command.message, name).toBe(rpc.input);
      expect(table.command.fields.find((field) => field.name === path)).toBe(command);
    }
  });

  test("the method table has a field of Command for every method of 6.9.1 but batch", () => {
    const without = table.methods.filter(({ command }) => command === undefined).map(({ name }) => name);
    expect(without.filter((name) => expected.some(([known]) => known === name))).toEqual(["batch"]);
  });

  test("the method table is made once for a service", () => {
    expect(methodTable(CentrifugoApi)).toBe(table);
  });
});

test("the client has the methods of the table, publishMany, broadcastMany and close", async () => {
  const client = createClient({ url: "http://centrifugo.test/api" });
  const names = table.methods.map(({ name }) => name);
  expect(Object.keys(client).sort()).toEqual([...names, "publishMany", "broadcastMany", "close"].sort());
  await client.close();
});

test("every required field is a field of its method's request", () => {
  const known = table.methods.flatMap(({ name, rpc }) =>
    requiredFields(name).map((field) => [
      name,
      field,
      rpc.input.fields.some(({ localName }) => localName === field),
    ]),
  );
  expect(known.filter(([, , exists]) => !exists)).toEqual([]);
  expect(known.length).toBeGreaterThan(40);
  expect(requiredFields("toString")).toEqual([]);
});

describe("another service", () => {
  const altered = (change: Partial<DescService>) => ({ ...CentrifugoApi, ...change }) as DescService;

  test("a service that is not Centrifugo's API is refused", () => {
    const withoutBatch = CentrifugoApi.methods.filter(({ name }) => name !== "Batch");
    expect(() => methodTable(altered({ methods: withoutBatch }))).toThrow(
      new TypeError(
        "centrifugal.centrifugo.api.CentrifugoApi is not Centrifugo's API: it has no RPC Batch with commands and replies",
      ),
    );
    expect(() => methodTable(altered({ methods: [] }))).toThrow("is not Centrifugo's API");
  });

  const batchRpc = table.batch.rpc;
  const withBatch = (change: Partial<DescMethod>) =>
    altered({
      methods: [
        CentrifugoApi.method.publish,
        { ...batchRpc, ...change } as DescMethod,
        CentrifugoApi.method.info,
      ],
    });

  test.each<[string, Partial<DescMethod>]>([
    ["has no commands", { input: { ...batchRpc.input, fields: [] } }],
    ["has no replies", { output: { ...batchRpc.output, fields: [] } }],
    ["has no field named commands", { input: CentrifugoApi.method.publish.input }],
    [
      "has one command in place of a list",
      {
        input: {
          ...batchRpc.input,
          fields: batchRpc.input.fields.map((field) => ({ ...field, fieldKind: "message" }) as DescField),
        },
      },
    ],
    ["streams", { methodKind: "server_streaming" }],
  ])("a service is refused when its Batch %s", (_what, change) => {
    expect(() => methodTable(withBatch(change))).toThrow("it has no RPC Batch with commands and replies");
  });

  test("a service with a list besides the commands has the commands in its batch", () => {
    const [commands] = batchRpc.input.fields as [DescField];
    const fields = [{ ...commands, name: "labels", message: undefined } as DescField, commands];
    expect(methodTable(withBatch({ input: { ...batchRpc.input, fields } })).command).toBe(table.command);
  });

  test("a service finds its methods by each of their names, and only its own", () => {
    const small = methodTable(withBatch({}));
    expect(small.methods.map(({ name }) => name)).toEqual(["publish", "info", "batch"]);
    for (const method of small.methods) {
      expect(small.byName(method.name)).toBe(method);
      expect(small.byPath(method.path)).toBe(method);
      expect(small.byRpc(method.rpc)).toBe(method);
    }
    expect(small.batch.rpc.name).toBe("Batch");
    expect(small.byName("broadcast")).toBeUndefined();
    expect(small.byRpc(CentrifugoApi.method.broadcast)).toBeUndefined();
  });

  test("a service whose RPC streams has no method for it", () => {
    const streaming = { ...CentrifugoApi.method.publish, methodKind: "server_streaming" } as DescMethod;
    const { methods } = methodTable(altered({ methods: [streaming, CentrifugoApi.method.info, batchRpc] }));
    expect(methods.map(({ name }) => name)).toEqual(["info", "batch"]);
  });

  test("a service is read once", () => {
    const service = withBatch({});
    expect(methodTable(service)).toBe(methodTable(service));
    expect(methodTable(service)).not.toBe(methodTable(withBatch({})));
  });

  test("a field of Command without an RPC gives no method", () => {
    const withoutInfo = CentrifugoApi.methods.filter(({ name }) => name !== "Info");
    const without = methodTable(altered({ methods: withoutInfo }));
    expect(without.byName("info")).toBeUndefined();
    expect(without.methods).toHaveLength(table.methods.length - 1);
  });

  test("a service without an RPC for any field of Command is refused", () => {
    const onlyBatch = CentrifugoApi.methods.filter(({ name }) => name === "Batch");
    expect(() => methodTable(altered({ methods: onlyBatch }))).toThrow(
      new TypeError(
        "centrifugal.centrifugo.api.CentrifugoApi is not Centrifugo's API: it has no RPC for any Command",
      ),
    );
  });

  test("the new method of a newer service is in the table", () => {
    const [publish] = table.command.fields;
    const field = { ...publish, name: "new_thing", localName: "newThing" } as DescField;
    const command = { ...table.command, fields: [...table.command.fields, field] } as DescMessage;
    const commands = {
      ...table.methods.find(({ name }) => name === "batch")?.rpc.input.fields[0],
      message: command,
    };
    const methods = CentrifugoApi.methods.map((method) =>
      method.name === "Batch"
        ? ({ ...method, input: { ...method.input, fields: [commands] } } as DescMethod)
        : method,
    );
    const newThing = { ...CentrifugoApi.method.publish, name: "NewThing", localName: "newThing" };
    const newer = methodTable(altered({ methods: [...methods, newThing] }));
    expect(newer.methods).toHaveLength(table.methods.length + 1);
    const added = newer.byName("newThing");
    expect([added?.path, added?.rpc.name]).toEqual(["new_thing", "NewThing"]);
    expect(added?.command).toBe(field);
  });
});
