import { protoCamelCase } from "@bufbuild/protobuf/reflect";
import { expect, expectTypeOf, test } from "vitest";
import { CentrifugoApi } from "#api";
import { methodTable } from "../../src/schema/method-table.ts";
import type { RpcMethodName } from "../../src/schema/rpc-path.ts";
import { rpcPath } from "../../src/schema/rpc-path.ts";

test.each([
  ["Publish", "publish", "publish"],
  ["RPC", "rpc", "rpc"],
  ["HTTPStats", "http_stats", "httpStats"],
  ["GetURLMap", "get_url_map", "getUrlMap"],
  ["HTTP2Stats", "http2_stats", "http2Stats"],
  ["StatsV2", "stats_v2", "statsV2"],
  ["ABTest", "ab_test", "abTest"],
  ["GetX", "get_x", "getX"],
  ["lowerCase", "lower_case", "lowerCase"],
])("the RPC %s has the path %s and the client's name %s", (rpc, path, name) => {
  expect(rpcPath(rpc)).toBe(path);
  expect(protoCamelCase(path)).toBe(name);
});

test("RpcMethodName gives the same names to the types", () => {
  expectTypeOf<RpcMethodName<"publish">>().toEqualTypeOf<"publish">();
  expectTypeOf<RpcMethodName<"rPC">>().toEqualTypeOf<"rpc">();
  expectTypeOf<RpcMethodName<"hTTPStats">>().toEqualTypeOf<"httpStats">();
  expectTypeOf<RpcMethodName<"getURLMap">>().toEqualTypeOf<"getUrlMap">();
  expectTypeOf<RpcMethodName<"hTTP2Stats">>().toEqualTypeOf<"http2Stats">();
  expectTypeOf<RpcMethodName<"statsV2">>().toEqualTypeOf<"statsV2">();
  expectTypeOf<RpcMethodName<"aBTest">>().toEqualTypeOf<"abTest">();
  expectTypeOf<RpcMethodName<"getX">>().toEqualTypeOf<"getX">();
});

test("rpcPath gives the path of each RPC in the schema", () => {
  for (const { rpc, path } of methodTable(CentrifugoApi).methods) expect(rpcPath(rpc.name)).toBe(path);
});
