import { describe, expect, test } from "vitest";
import { CentRequestError, createClient, createCommand } from "../../src/index.ts";
import { scriptedFetch } from "../harness/scripted-fetch.ts";

const url = "http://centrifugo.test/api";
const reply = '{"result":{}}';

describe("requests", () => {
  test("a call sends its bytes as they were when it was made", async () => {
    const { fetch, sent } = scriptedFetch(reply);
    const cent = createClient({ url, http: { fetch }, apiKey: async () => "api_key" });
    const data = new Uint8Array([65, 65]);
    const call = cent.publish({ channel: "a", data });
    data.fill(66);
    await call;
    expect(sent[0]?.body).toBe('{"channel":"a","b64data":"QUE="}');
  });

  test("a call sends fields that come from getters or a prototype", async () => {
    const { fetch, sent } = scriptedFetch(reply);
    const cent = createClient({ url, http: { fetch } });
    class Request {
      channel = "a";
      get data() {
        return 1;
      }
    }
    await cent.publish(new Request());
    await cent.publish(Object.assign(Object.create({ skipHistory: true }), { channel: "a", data: 1 }));
    expect(sent.map(({ body }) => body)).toEqual([
      '{"channel":"a","data":1}',
      '{"channel":"a","data":1,"skip_history":true}',
    ]);
  });

  test.each<[string, unknown, string]>([
    ["a Promise", Promise.resolve(1), "got a Promise"],
    ["a Blob", new Blob(["x"]), "got a Blob"],
    ["a Map", new Map(), "got a Map"],
    ["a SharedArrayBuffer", new SharedArrayBuffer(1), "got a SharedArrayBuffer"],
  ])("a call refuses %s as data, which JSON.stringify would write as {}", async (_kind, data, problem) => {
    const { fetch, sent } = scriptedFetch(reply);
    const error: unknown = await createClient({ url, http: { fetch } })
      .publish({ channel: "a", data })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ field: "data", message: expect.stringContaining(problem) });
    expect(sent).toEqual([]);
  });

  test("an error of a getter rejects the call, and names the method", async () => {
    const request = {
      channel: "a",
      get data(): unknown {
        throw new Error("no data today");
      },
    };
    const error: unknown = await createClient({ url })
      .publish(request)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CentRequestError);
    expect(error).toMatchObject({ method: "publish", message: expect.stringContaining("no data today") });
  });
});

describe("json", () => {
  class Codec {
    #prefix = "x";
    readonly registry = new Map();
    stringify(value: unknown): string {
      return JSON.stringify({ [this.#prefix]: value });
    }
    parse(text: string): unknown {
      return (JSON.parse(text) as Record<string, unknown>)[this.#prefix];
    }
  }
  const stringify = (value: unknown) => JSON.stringify({ x: value });
  const parse = (text: string): unknown => (JSON.parse(text) as { x: unknown }).x;
  const Static = Object.assign(class {}, { stringify, parse });

  test.each([
    ["an instance with state of its own", new Codec()],
    ["a class with static methods", Static],
    ["a function with members", Object.assign(() => undefined, { stringify, parse })],
  ])("the option json may be %s", async (_kind, json) => {
    const { fetch, sent } = scriptedFetch(
      '{"result":{"publications":[{"data":{"x":[1]},"offset":1}],"epoch":"e","offset":1}}',
    );
    const cent = createClient({ url, http: { fetch }, json });
    const { publications } = await cent.history({ channel: "a" });
    expect(publications[0]?.data).toEqual([1]);
    await cent.publish({ channel: "a", data: 7 });
    expect(sent[1]?.body).toBe('{"channel":"a","data":{"x":7}}');
    expect(createCommand("publish", { channel: "a", data: 7 }, { json }).payload).toEqual({
      channel: "a",
      data: { x: 7 },
    });
  });

  test("a call refuses text of json.stringify that UTF-8 cannot carry", async () => {
    const json = { stringify: () => '"\ud800"', parse: JSON.parse };
    await expect(createClient({ url, json }).publish({ channel: "a", data: 1 })).rejects.toThrow(
      "half a surrogate pair",
    );
  });
});

test("createCommand refuses options that it does not know", () => {
  expect(() => createCommand("publish", { channel: "a", data: 1 }, { jsn: JSON } as never)).toThrow(
    "jsn: unknown option",
  );
  expect(() => createCommand("publish", { channel: "a", data: 1 }, { json: 5 } as never)).toThrow(
    "json: expected",
  );
});
