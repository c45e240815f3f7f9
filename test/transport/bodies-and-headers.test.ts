import { describe, expect, test } from "vitest";
import { CentrifugoApi } from "#api";
import { endpointAt } from "../../src/transport/http/post-client.ts";
import { withoutTrailingSlashes } from "../../src/transport/trailing-slashes.ts";
import { lazyWebHeaders, webHeaders } from "../../src/transport/web-headers.ts";
import { joinSmallChunks, wholeBody } from "../../src/transport/whole-body.ts";
import { wireResponse } from "../../src/transport/wire-messages.ts";

test("received headers are joined, without those of HTTP/2 itself", () => {
  const received = { ":status": "200", "x-a": "1", "x-b": ["2", "3"], "x-none": undefined };
  const expected = { "x-a": "1", "x-b": "2, 3" };
  expect(Object.fromEntries(webHeaders(received))).toEqual(expected);
  expect(Object.fromEntries(lazyWebHeaders(received)())).toEqual(expected);
});

test("an address loses the slashes at its end", () => {
  expect(["http://a/b//", "http://a", "///", "", "a/b"].map(withoutTrailingSlashes)).toEqual([
    "http://a/b",
    "http://a",
    "",
    "",
    "a/b",
  ]);
});

test("the endpoint of a method has its parts", () => {
  expect(endpointAt("http://a.test:1/api/info")).toEqual({
    href: "http://a.test:1/api/info",
    origin: "http://a.test:1",
    path: "/api/info",
  });
});

describe("the chunks of a body", () => {
  const chunks = (count: number, size = 1) => Array.from({ length: count }, () => Buffer.alloc(size, 7));

  test("chunks are one body, and a single chunk is not copied", () => {
    const [only] = chunks(1) as [Buffer];
    expect(wholeBody([only])).toBe(only);
    expect(wholeBody([]).byteLength).toBe(0);
    expect([...wholeBody([Buffer.of(1), Buffer.of(2, 3)])]).toEqual([1, 2, 3]);
  });

  test("chunks are joined where they are more than 1,024, and smaller than 1,024 bytes", () => {
    const joined = (count: number, size: number) => {
      const list = chunks(count);
      joinSmallChunks(list, size);
      return list.length;
    };
    expect(joined(1_024, 1_024)).toBe(1_024);
    expect(joined(1_025, 1_025)).toBe(1);
    expect(joined(1_025, 1_025 * 1_024 - 1)).toBe(1);
    expect(joined(1_025, 1_025 * 1_024)).toBe(1_025);
    const list = chunks(1_025);
    joinSmallChunks(list, 1_025);
    expect(list[0]?.equals(Buffer.alloc(1_025, 7))).toBe(true);
  });
});

test("a response makes its headers once, when they are asked for", () => {
  const { publish } = CentrifugoApi.method;
  const made: string[] = [];
  const message = {} as never;
  const response = wireResponse(
    publish,
    message,
    () => new Headers({ made: `${made.push("header")}` }),
    () => new Headers({ made: `${made.push("trailer")}` }),
  );
  expect(made).toEqual([]);
  expect(response.header).toBe(response.header);
  expect(response.trailer).toBe(response.trailer);
  expect(made).toEqual(["header", "trailer"]);
  expect([response.header.get("made"), response.trailer.get("made")]).toEqual(["1", "2"]);
  expect({ ...response }).toMatchObject({ stream: false, method: publish, service: CentrifugoApi, message });
  expect([...wireResponse(publish, message, () => new Headers()).trailer]).toEqual([]);
});
