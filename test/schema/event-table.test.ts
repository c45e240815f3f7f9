import { expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";
import { eventTable } from "../../src/schema/event-table.ts";

test("each event has its names, its key and its subject", () => {
  const rows = eventTable(CentrifugoProxy).map(({ name, path, key, about, isStream, request, result }) => [
    [name, path, key, about, isStream].join(" "),
    `${request.name} ${result.name}`,
  ]);
  expect(Object.fromEntries(rows)).toMatchObject({
    "connect connect  connect false": "ConnectRequest ConnectResult",
    "refresh refresh  expiry false": "RefreshRequest RefreshResult",
    "subscribe subscribe channel access false": "SubscribeRequest SubscribeResult",
    "publish publish channel access false": "PublishRequest PublishResult",
    "rpc rpc method access false": "RPCRequest RPCResult",
    "subRefresh sub_refresh channel expiry false": "SubRefreshRequest SubRefreshResult",
    "subscribeUnidirectional subscribe_stream channel access true": "SubscribeRequest SubscribeResult",
    "subscribeBidirectional subscribe_stream channel access true": "SubscribeRequest SubscribeResult",
    "notifyCacheEmpty cache_empty channel report false": "NotifyCacheEmptyRequest NotifyCacheEmptyResult",
    "notifyChannelState state  report false": "NotifyChannelStateRequest NotifyChannelStateResult",
    "mapPublish map_publish channel access false": "MapPublishRequest MapPublishResult",
    "mapRemove map_remove channel access false": "MapRemoveRequest MapRemoveResult",
    "sharedPollRefresh shared_poll_refresh channel report false":
      "SharedPollRefreshRequest SharedPollRefreshResult",
  });
});

test("another service is no proxy", () => {
  expect(() => eventTable(CentrifugoApi)).toThrow("is not Centrifugo's proxy: ");
});
