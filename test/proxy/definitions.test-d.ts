import { describe, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { defineChannels, defineMethods } from "../../src/channels/index.ts";
import type { SubscribeRequest } from "../../src/proxy/index.ts";
import { createProxy, deny } from "../../src/proxy/index.ts";

const secret = "s";
const channels = defineChannels({
  "chat:*": { data: z.object({ text: z.string() }) },
  "date:*": { data: z.object({ at: z.string().transform((text) => new Date(text)) }) },
});
const methods = defineMethods(
  { "chat.rename": { data: z.object({ name: z.string() }) } },
  { unknown: "allow" },
);

describe("handlers of a proxy with definitions", () => {
  test("requests have the output of the schema", () => {
    createProxy({
      secret,
      channels,
      methods,
      publish: {
        "chat:*": async ({ data, channel, user }, { headers }) => {
          expectTypeOf(data).toEqualTypeOf<{ text: string }>();
          expectTypeOf(channel).toEqualTypeOf<string>();
          expectTypeOf(user).toEqualTypeOf<string>();
          expectTypeOf(headers).toEqualTypeOf<Headers>();
          return data.text === "" ? deny() : {};
        },
        "date:1": ({ data }) => {
          expectTypeOf(data).toEqualTypeOf<{ at: Date }>();
          return { data: { at: data.at.toISOString() }, skipHistory: true };
        },
      },
      rpc: {
        "chat.rename": ({ data }) => {
          expectTypeOf(data).toEqualTypeOf<{ name: string }>();
          return { data: 1 };
        },
        other: ({ data }) => {
          expectTypeOf(data).toBeUnknown();
          return {};
        },
      },
      subscribe: {
        "chat:*": (request) => {
          expectTypeOf(request).toEqualTypeOf<SubscribeRequest>();
          return {};
        },
      },
    });
  });

  test("definitions of one kind leave the other handlers' data unknown", () => {
    createProxy({
      secret,
      channels,
      rpc: {
        a: ({ data }) => {
          expectTypeOf(data).toBeUnknown();
          return {};
        },
      },
    });
    createProxy({
      secret,
      methods,
      publish: {
        "chat:*": ({ data }) => {
          expectTypeOf(data).toBeUnknown();
          return {};
        },
      },
    });
  });

  test("handlers may be undefined", () => {
    createProxy({ secret, channels, methods, publish: undefined, rpc: undefined });
  });

  test("a result has the data that the schema takes", () => {
    // @ts-expect-error: the schema takes a string
    createProxy({ secret, channels, publish: { "date:*": ({ data }) => ({ data: { at: data.at } }) } });
    // @ts-expect-error: the secret is required
    createProxy({ channels });
    // @ts-expect-error: a misspelt field of the result
    createProxy({ secret, channels, publish: { "chat:*": () => ({ skipHistroy: true }) } });
  });
});
