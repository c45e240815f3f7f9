import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineChannels, defineMethods } from "../../src/channels/index.ts";

const data = z.string();

describe("defineChannels", () => {
  test("find gives the definition of the longest pattern, and its pattern", () => {
    const channels = defineChannels({
      "*": { data },
      "chat:*": { data: v.number() },
      "chat:gen*": { data: type("boolean") },
      news: { data },
      "$chat:*": { data },
      "dialog#*": { data },
    });
    const patternOf = (name: string) => channels.find(name)?.pattern;
    expect(["chat:1", "chat:general", "news", "newsletter", "other:1"].map(patternOf)).toEqual([
      "chat:*",
      "chat:gen*",
      "news",
      "*",
      undefined,
    ]);
    expect(["$chat:1", "$1", "dialog#1,2"].map(patternOf)).toEqual(["$chat:*", "*", "dialog#*"]);
    expect(channels.find("news")?.data).toBe(data);
    expect(channels).toMatchObject({ unknown: "refuse", validate: "sent" });
  });

  test.each<[unknown, unknown, string]>([
    [{ "a*b": { data } }, {}, 'defineChannels["a*b"]: expected at most one *, at the end'],
    [{ "": { data } }, {}, 'defineChannels[""]: expected a name or a pattern, got an empty one'],
    [{ "a:*": { data } }, {}, 'defineChannels["a:*"]: a namespace of Centrifugo has at least two letters'],
    [{ news: data }, {}, 'defineChannels["news"].data: expected a Standard Schema, such as one of zod'],
    [{ news: { data: { parse: () => 1 } } }, {}, 'defineChannels["news"].data: expected a Standard Schema'],
    [
      { news: { data: { "~standard": { version: 2, validate: () => 1 } } } },
      {},
      "expected a Standard Schema",
    ],
    [{ news: { data: { "~standard": { version: 1, validate: true } } } }, {}, "expected a Standard Schema"],
    [{ "a$b:*": { data } }, {}, 'defineChannels["a$b:*"]: a namespace of Centrifugo has'],
    [{ news: null }, {}, 'defineChannels["news"].data: expected a Standard Schema'],
    [[], {}, "defineChannels: definitions: expected an object"],
    [undefined, {}, "defineChannels: definitions: expected an object"],
    [{}, null, "defineChannels: options: expected an object"],
    [{}, { unknwon: "allow" }, "defineChannels: unknwon: unknown option; expected one of unknown, validate"],
    [
      {},
      { constructor: 1 },
      "defineChannels: constructor: unknown option; expected one of unknown, validate",
    ],
    [{}, { unknown: "yes" }, 'defineChannels: unknown: expected "refuse" or "allow"'],
    [{}, { validate: true }, 'defineChannels: validate: expected "sent" or "both"'],
  ])(
    "the definitions %j with the options %j are a TypeError with the reason",
    (definitions, options, reason) => {
      const define = () => defineChannels(definitions as never, options as never);
      expect(define).toThrow(TypeError);
      expect(define).toThrow(reason);
    },
  );
});

describe("defineMethods", () => {
  test("find gives the definition of a method", () => {
    const methods = defineMethods({ "chat.*": { data }, $sum: { data } }, { unknown: "allow" });
    expect(methods.find("chat.rename")?.pattern).toBe("chat.*");
    expect(methods.find("$sum")?.pattern).toBe("$sum");
    expect(methods.unknown).toBe("allow");
  });

  test("an undefined option is the default, and an error names defineMethods", () => {
    for (const unknown of [undefined, "refuse"] as const)
      expect(defineMethods({}, { unknown }).unknown).toBe("refuse");
    expect(() => defineMethods([] as never)).toThrow("defineMethods: definitions: expected an object");
    expect(() => defineMethods({ sum: data as never })).toThrow('defineMethods["sum"].data: expected');
  });

  test("methods have no option validate", () => {
    const define = () => defineMethods({}, { validate: "both" } as never);
    expect(define).toThrow("defineMethods: validate: unknown option; expected one of unknown");
  });
});
