import { describe, expect, test } from "vitest";
import { compilePatterns, patternProblem } from "../../src/channels/patterns.ts";
import { createProxy } from "../../src/proxy/index.ts";

const patterns = (...texts: string[]) =>
  compilePatterns("a test", Object.fromEntries(texts.map((text) => [text, text])), patternProblem);

describe("a pattern", () => {
  test.each<[string, string | undefined]>([
    ["chat:general", "chat:general"],
    ["chat:general:1", "chat:gen*"],
    ["chat:gen", "chat:gen*"],
    ["chat:ge", "chat:*"],
    ["chat:", "chat:*"],
    ["chat", "*"],
    ["chatter", "*"],
    ["news", "news"],
    ["newsletter", "news*"],
    ["", "*"],
    ["other:a", undefined],
    ["news:a", undefined],
    ["Chat:general", undefined],
  ])("the longest pattern that fits %j is %s", (channel, pattern) => {
    const texts = ["*", "chat:*", "news*", "chat:general", "chat:gen*", "news"];
    for (const all of [patterns(...texts), patterns(...texts.toReversed())]) {
      expect(all.find(channel)).toBe(pattern);
      expect(all.namespaces).toEqual(["", "chat"]);
    }
  });

  test("the namespace is literal: `*` leaves out names with a namespace", () => {
    expect(patterns("*").find("chat:1")).toBeUndefined();
    expect(patterns("ch*").find("chat:1")).toBeUndefined();
  });

  test.each([
    ["", "expected a name or a pattern, got an empty one"],
    ["*:a", "expected at most one *, at the end"],
    ["a**", "expected at most one *, at the end"],
    ["a:*", "a namespace of Centrifugo has at least two letters, digits, or any of - _ ."],
    ["chät:*", "a namespace of Centrifugo has"],
    ["my chat:*", "a namespace of Centrifugo has"],
    ["$private", "Centrifugo never asks about channels that begin with $; it wants a subscription token"],
    ["dialog#*", "Centrifugo never asks about channels with #; it admits the users whom the name lists"],
    ["dialog#1,2", "Centrifugo never asks about channels with #"],
  ])("the pattern %j is a TypeError with the reason", (pattern, reason) => {
    const create = () => createProxy({ secret: false, subscribe: { [pattern]: () => ({}) } });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(`createProxy: subscribe["${pattern}"]: ${reason}`);
  });

  test.each(["my-chat:*", "v1.chat:a", "__:*", "chat:ä ö", ":a", "ä*"])(
    "the pattern %j is taken",
    (pattern) => {
      expect(() => createProxy({ secret: false, subscribe: { [pattern]: () => ({}) } })).not.toThrow();
    },
  );

  test("methods may have $ and #", () => {
    expect(() => createProxy({ secret: false, rpc: { $a: () => ({}), "b#*": () => ({}) } })).not.toThrow();
  });
});

describe("options", () => {
  test.each<[object, string]>([
    [{ subscirbe: {} }, "createProxy: subscirbe: unknown option; did you mean subscribe?"],
    [{ connect: {} }, "createProxy: connect: expected a function"],
    [{ subscribe: () => ({}) }, 'createProxy: subscribe: expected handlers by channel, such as { "chat:*": '],
    [{ rpc: { a: 1 } }, 'createProxy: rpc: expected handlers by method, such as { "chat.rename": '],
    [{ maxBodyBytes: 0 }, "createProxy: maxBodyBytes: expected an integer above 0"],
    [{ int64: "string" }, 'createProxy: int64: expected "number" or "bigint"'],
    [{ onError: 1 }, "createProxy: onError: expected a function"],
    [{ secretHeader: "a b" }, "createProxy: secretHeader: expected the name of a header"],
  ])("the options %j are refused", (options, message) => {
    const create = () => createProxy({ secret: false, ...options } as never);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(message);
  });
});
