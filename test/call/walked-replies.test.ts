import type { DescMessage, Message } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import { describe, expect, test, vi } from "vitest";
import {
  BatchRequestSchema,
  BatchResponseSchema,
  BroadcastRequestSchema,
  BroadcastResponseSchema,
  PublishRequestSchema,
  PublishResponseSchema,
} from "#api";
import type { Reply } from "../../src/call/reply.ts";
import { createWalker } from "../../src/call/walker.ts";
import { createPayload } from "../../src/codec/payload.ts";
import { SentSecrets } from "../../src/errors/hide-secret.ts";
import { table } from "../harness/scripted-server.ts";

const secret = "key-of-this-test";
const headers = { "x-a": "1" };
const method = (name: string) => table.byName(name) ?? expect.fail();
const publish = method("publish");
const broadcast = method("broadcast");

function walker(withSecret = true) {
  const secrets = new SentSecrets();
  if (withSecret) secrets.add(`apikey ${secret}`);
  return createWalker(table, { payload: createPayload(undefined), int64: "number", secrets });
}

const replyOf = (message: Message, more: Partial<Reply> = {}): Reply => ({
  message,
  headers,
  attempts: 2,
  maybeExecuted: false,
  ...more,
});

/** The error that a function throws. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return expect.fail();
}

const request = create(PublishRequestSchema);
const failed = (code: number, message = "said") =>
  create(PublishResponseSchema, { error: { code, message } });

describe("the error in a reply", () => {
  test("an error of the API has the facts of its reply", () => {
    const errorOf = (code: number, more?: Partial<Reply>) =>
      thrownBy(() => walker().result(publish, request, replyOf(failed(code), more)));
    expect(errorOf(107)).toMatchObject({
      code: 107,
      serverMessage: "said",
      method: "publish",
      headers,
      attempts: 2,
      maybeExecuted: false,
    });
    expect(errorOf(100)).toMatchObject({ code: 100, maybeExecuted: true });
    expect(errorOf(107, { maybeExecuted: true })).toMatchObject({ maybeExecuted: true });
  });

  test.each([
    ["a client's key", true, {}],
    ["the key of its own request", false, { authorization: `apikey ${secret}` }],
  ])("an error hides %s", (_what, withSecret, more) => {
    const message = `you sent ${secret}`;
    const error = thrownBy(() =>
      walker(withSecret).result(publish, request, replyOf(failed(107, message), more)),
    );
    expect(error).toMatchObject({ serverMessage: "you sent (secret)" });
    const leaky = { headers: { "x-echo": secret }, ...more };
    const decoding = thrownBy(() =>
      walker(withSecret).result(publish, request, replyOf(create(PublishResponseSchema), leaky)),
    );
    expect(decoding).toMatchObject({ name: "CentDecodeError", headers: { "x-echo": "(secret)" } });
  });

  test("a reply with neither result nor error may have been executed", () => {
    const error = thrownBy(() => walker().result(publish, request, replyOf(create(PublishResponseSchema))));
    expect(error).toMatchObject({
      name: "CentDecodeError",
      message: "publish: in the reply, neither result nor error is there",
      maybeExecuted: true,
      attempts: 2,
      headers,
    });
  });

  test("a method whose reply has no result can fail, or give its fields", () => {
    const schema = PublishResponseSchema as DescMessage;
    const output = {
      ...schema,
      field: { error: schema.field.error },
      members: schema.members.filter(({ name }) => name === "error"),
    } as unknown as DescMessage;
    const lone = { ...publish, rpc: { ...publish.rpc, output } };
    expect(thrownBy(() => walker().result(lone, request, replyOf(failed(107))))).toMatchObject({ code: 107 });
    expect(walker().result(lone, request, replyOf(create(PublishResponseSchema)))).toEqual({});
  });

  test("a batch names the reply to a command without a method", () => {
    const batch = create(BatchRequestSchema, { commands: [{}] });
    const reply = create(BatchResponseSchema, { replies: [{ publish: {} }] });
    expect(thrownBy(() => walker().result(table.batch, batch, replyOf(reply)))).toMatchObject({
      message: "batch: in the reply, replies[0]: the command of this reply has no method",
    });
  });
});

describe("the replies to commands that share a request", () => {
  const commands = [
    { method: publish, message: request },
    { method: broadcast, message: create(BroadcastRequestSchema, { channels: ["a"] }) },
    { method: publish, message: request },
  ];
  const walk = (replies: object[], more?: Partial<Reply>) =>
    walker().replies(commands, replyOf(create(BatchResponseSchema, { replies }), more));

  test("each command has its result or its error, and the message is let go of", () => {
    const release = vi.fn();
    const replies = [
      { publish: { offset: 5n } },
      { broadcast: { responses: [{ result: {} }] } },
      { error: { code: 107, message: "said" } },
    ];
    expect(walk(replies, { release })).toMatchObject([
      { ok: true, result: { offset: 5 } },
      { ok: true, result: { responses: [{ ok: true }] } },
      { ok: false, error: { code: 107, serverMessage: "said", method: "publish", attempts: 2 } },
    ]);
    expect(release).toHaveBeenCalledOnce();
  });

  test("a command without its reply has an error of its own", () => {
    const items = walk([{}, { broadcast: { responses: [] } }, { publish: {} }]);
    expect(items).toMatchObject([
      { ok: false, error: { message: "publish: in the reply, neither result nor error is there" } },
      { ok: false, error: { message: "broadcast: in the reply, responses: expected 1 responses, got 0" } },
      { ok: true },
    ]);
    const short = walk([{ publish: {} }]);
    expect(short.map(({ ok }) => ok)).toEqual([false, false, false]);
    expect(short[2]).toMatchObject({
      error: {
        name: "CentDecodeError",
        message: "publish: in the reply, replies: expected 3 replies, got 1",
      },
    });
    expect(new Set(short.map((item) => (item as { error?: unknown }).error)).size).toBe(3);
  });
});

describe("the responses to the channels of a broadcast", () => {
  const channels = create(BroadcastRequestSchema, { channels: ["a", "b"] });
  const walk = (init: object, more?: Partial<Reply>) =>
    walker().channels(broadcast, channels, replyOf(create(BroadcastResponseSchema, init), more));

  test("each channel has its result or its error, and the message is let go of", () => {
    const release = vi.fn();
    const responses = [{ result: { offset: 5n } }, { error: { code: 102, message: "said" } }];
    expect(walk({ result: { responses } }, { release })).toMatchObject([
      { ok: true, result: { offset: 5 } },
      { ok: false, error: { code: 102, method: "broadcast" } },
    ]);
    expect(release).toHaveBeenCalledOnce();
    const [, second] = walk({ result: { responses: [{ result: {} }, {}] } });
    expect(second).toMatchObject({ ok: false, error: { name: "CentDecodeError" } });
  });

  test("an error of the whole is an error of its own for each channel", () => {
    const items = walk({ error: { code: 107, message: "said" } });
    expect(items).toMatchObject([
      { ok: false, error: { code: 107 } },
      { ok: false, error: { code: 107 } },
    ]);
    expect((items[0] as { error?: unknown }).error).not.toBe((items[1] as { error?: unknown }).error);
  });

  test("a reply with too few responses is an error for each channel", () => {
    for (const [init, count] of [
      [{}, 0],
      [{ result: { responses: [{ result: {} }] } }, 1],
    ] as const)
      expect(walk(init)).toMatchObject(
        [0, 1].map(() => ({
          ok: false,
          error: { message: `broadcast: in the reply, responses: expected 2 responses, got ${count}` },
        })),
      );
  });
});
