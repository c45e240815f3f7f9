import { create } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { PublishResponseSchema } from "#api";
import { CentTimeoutError } from "../../../src/index.ts";
import { clientOf, expectError, rejection } from "../../harness/expected-error.ts";
import { resultOf } from "../../harness/result-of.ts";
import { protocols, startScripted } from "../../harness/scripted-server.ts";
import { swallowingProxy } from "../../harness/swallowing-proxy.ts";

const published = create(PublishResponseSchema, { result: {} });
const request = { channel: "chat", data: {} };

test("a gRPC connection that is lost silently is given up after a call that timed out", async () => {
  await using server = await startScripted("grpc", () => published);
  await using proxy = await swallowingProxy(server.port);
  await using client = clientOf("grpc", proxy, { timeoutMs: 300, grpc: { pingTimeoutMs: 100 } });
  await client.publish(request, { timeoutMs: 5_000 });
  proxy.swallow();
  expectError(await rejection(client.publish(request)), CentTimeoutError);
  await new Promise((resolve) => setTimeout(resolve, 200));
  await expect(client.publish(request, { timeoutMs: 5_000 })).resolves.toEqual(
    resultOf("publish", { offset: 0, epoch: "" }),
  );
});

describe.each(protocols)("%s", (protocol) => {
  test("a call that times out costs HTTP its connection, and gRPC only a stream", async () => {
    let calls = 0;
    await using server = await startScripted(protocol, async () => {
      if (calls++ === 1) await new Promise((resolve) => setTimeout(resolve, 500));
      return published;
    });
    const grpc = protocol === "grpc" ? { grpc: { pingTimeoutMs: 100 } } : {};
    await using client = clientOf(protocol, server, { timeoutMs: 5_000, ...grpc });
    await client.publish(request);
    const slow = client.publish(request, { timeoutMs: 100 });
    expectError(await rejection(slow), CentTimeoutError);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await client.publish(request);
    expect(server.accepted()).toBe(protocol === "grpc" ? 1 : 2);
  });
});
