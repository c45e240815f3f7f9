import { describe, expect, test } from "vitest";
import { PathError } from "../../src/codec/path-error.ts";
import type { CentClient } from "../../src/index.ts";
import { CentApiResponseError, CentDecodeError, createClient } from "../../src/index.ts";
import { resultOf } from "../harness/result-of.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

/** A client whose server answers each call with `reply`. */
function answered(reply: unknown): CentClient {
  const { fetch } = scriptedFetch(typeof reply === "string" ? reply : JSON.stringify(reply));
  return createClient({ url: "http://centrifugo.test/api", http: { fetch } });
}

const publish = { channel: "a", data: 1 };
const apiError = { code: 102, message: "unknown channel" };
/** The properties of the client's error for it. */
const expected = { code: 102, serverMessage: "unknown channel" };

describe("a call", () => {
  test("a call resolves with the result", async () => {
    const cent = answered({ result: { offset: 5, epoch: "e" } });
    expect(await cent.publish(publish)).toStrictEqual(resultOf("publish", { offset: 5, epoch: "e" }));
    expect(await answered({ result: {} }).publish(publish)).toStrictEqual(
      resultOf("publish", { offset: 0, epoch: "" }),
    );
  });

  test("a call rejects with the server's error", async () => {
    const error: unknown = await answered({ error: apiError })
      .publish(publish)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentApiResponseError);
    expect(error).toMatchObject({
      ...expected,
      method: "publish",
      channel: "a",
      name: "CentApiResponseError",
    });
  });

  test("a call rejects if the reply has an error and a result", async () => {
    await expect(answered({ error: apiError, result: { offset: 1 } }).publish(publish)).rejects.toMatchObject(
      expected,
    );
  });

  test("a call rejects with a CentDecodeError if the reply has neither result nor error", async () => {
    for (const reply of [
      {},
      null,
      { result: null },
      { error: null },
      { replies: [] },
      { code: 102, message: "x" },
    ]) {
      const rejection = expect(answered(reply).publish(publish)).rejects;
      await rejection.toBeInstanceOf(CentDecodeError);
      await rejection.toMatchObject({
        message: "publish: in the reply, neither result nor error is there",
        method: "publish",
      });
    }
  });

  test("a call rejects instead of rounding an integer", async () => {
    const reply = '{"result":{"publications":[{"offset":1},{"offset":18446744073709551615}],"offset":2}}';
    const error: unknown = await answered(reply)
      .history({ channel: "a" })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentDecodeError);
    expect(error).toMatchObject({
      message:
        "history: in the reply, result.publications[1].offset: a number cannot hold 18446744073709551615 exactly; " +
        'create the client with int64: "bigint"',
      cause: expect.any(PathError),
    });
  });

  test("a call has exact integers with bigint", async () => {
    const { fetch } = scriptedFetch('{"result":{"offset":18446744073709551615,"epoch":"e"}}');
    const cent = createClient({ url: "http://centrifugo.test/api", int64: "bigint", http: { fetch } });
    expect(await cent.publish(publish)).toStrictEqual(
      resultOf("publish", { offset: 18446744073709551615n, epoch: "e" }, "bigint"),
    );
  });
});

describe("a broadcast", () => {
  const request = { channels: ["a", "b", "c"], data: 1 };

  test("a broadcast gives an item for each channel, in order", async () => {
    const cent = answered({
      result: { responses: [{ result: { offset: 1, epoch: "e" } }, { error: apiError }, { result: {} }] },
    });
    const { responses } = await cent.broadcast(request);
    expect(responses).toStrictEqual([
      { ok: true, result: resultOf("publish", { offset: 1, epoch: "e" }) },
      { ok: false, error: expect.any(CentApiResponseError) },
      { ok: true, result: resultOf("publish", { offset: 0, epoch: "" }) },
    ]);
    expect(responses[1]).toMatchObject({ error: { ...expected, method: "broadcast", channel: "b" } });
  });

  test("a broadcast rejects if the server refuses it as a whole", async () => {
    await expect(answered({ error: apiError }).broadcast(request)).rejects.toBeInstanceOf(
      CentApiResponseError,
    );
  });

  test.each([0, 1, 2, 4])("a broadcast to three channels rejects %d responses", async (count) => {
    const responses = Array.from({ length: count }, () => ({ result: {} }));
    const rejection = expect(answered({ result: { responses } }).broadcast(request)).rejects;
    await rejection.toBeInstanceOf(CentDecodeError);
    await rejection.toThrow(`broadcast: in the reply, responses: expected 3 responses, got ${count}`);
  });

  test("a broadcast rejects if a response has neither result nor error", async () => {
    const responses = [{ result: {} }, {}, { result: {} }];
    await expect(answered({ result: { responses } }).broadcast(request)).rejects.toThrow(
      "broadcast: in the reply, result.responses[1]: neither result nor error is there",
    );
  });
});

describe("a batch", () => {
  const broadcast = { channels: ["a", "b"], data: 1 };

  test("a batch gives an item for each command, in order", async () => {
    const cent = answered({
      replies: [
        { publish: { offset: 1 } },
        { error: apiError },
        { presence_stats: {} },
        { broadcast: { responses: [{ result: { offset: 2 } }, { error: apiError }] } },
      ],
    });
    const { replies } = await cent.batch({
      commands: [
        { publish },
        { history: { channel: "a" } },
        { presenceStats: { channel: "a" } },
        { broadcast },
      ],
    });
    expect(replies).toStrictEqual([
      { ok: true, result: resultOf("publish", { offset: 1, epoch: "" }) },
      { ok: false, error: expect.any(CentApiResponseError) },
      { ok: true, result: resultOf("presenceStats", { numClients: 0, numUsers: 0 }) },
      {
        ok: true,
        result: resultOf("broadcast", {
          responses: [
            { ok: true, result: { offset: 2, epoch: "" } },
            { ok: false, error: expect.any(CentApiResponseError) },
          ],
        }),
      },
    ]);
    expect(replies[1]).toMatchObject({ error: { ...expected, method: "history", channel: "a" } });
  });

  test("a batch of no commands has no replies", async () => {
    expect(await answered({}).batch({ commands: [] })).toStrictEqual(resultOf("batch", { replies: [] }));
  });

  const commands = [{ publish }, { broadcast }] as const;
  const whole = { broadcast: { responses: [{ result: {} }, { result: {} }] } };
  test.each([
    ["zero replies", [], "replies: expected 2 replies, got 0"],
    ["one reply too few", [{ publish: {} }], "replies: expected 2 replies, got 1"],
    ["one reply too many", [{ publish: {} }, whole, { publish: {} }], "replies: expected 2 replies, got 3"],
    ["another method's reply", [{ history: {} }, whole], "replies[0]: neither publish nor error is there"],
    ["replies in another order", [whole, { publish: {} }], "replies[0]: neither publish nor error is there"],
    ["an empty reply", [{ publish: {} }, {}], "replies[1]: neither broadcast nor error is there"],
    ["a reply that is null", [null, whole], "replies[0]: neither publish nor error is there"],
    [
      "one response too few inside",
      [{ publish: {} }, { broadcast: { responses: [{ result: {} }] } }],
      "replies[1].responses: expected 2 responses, got 1",
    ],
    [
      "an empty response inside",
      [{ publish: {} }, { broadcast: { responses: [{}, {}] } }],
      "replies[1].broadcast.responses[0]: neither result nor error is there",
    ],
    [
      "an integer that a number cannot hold",
      [{ publish: { offset: 2 ** 53 } }, whole],
      "replies[0].publish.offset: a number cannot hold 9007199254740992 exactly",
    ],
  ])("a batch rejects %s", async (_name, replies, problem) => {
    const rejection = expect(answered({ replies }).batch({ commands })).rejects;
    await rejection.toBeInstanceOf(CentDecodeError);
    await rejection.toThrow(`batch: in the reply, ${problem}`);
    await rejection.toMatchObject({ method: "batch" });
  });

  test("a batch rejects replies that are inside a result", async () => {
    await expect(
      answered({ result: { replies: [{ publish: {} }] } }).batch({ commands: [{ publish }] }),
    ).rejects.toThrow("expected 1 replies, got 0");
  });
});
