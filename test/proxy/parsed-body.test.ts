import { expect, test } from "vitest";
import { BodyTooLarge } from "../../src/proxy/http-answer.ts";
import { parsedBody } from "../../src/proxy/parsed-body.ts";

test("a parsed body may have as many bytes as the limit, and no more", () => {
  const body = { user: "é" };
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  for (const form of [body, JSON.stringify(body), bytes]) {
    expect(parsedBody(form, bytes.length)).toEqual(bytes);
    expect(() => parsedBody(form, bytes.length - 1)).toThrow(BodyTooLarge);
  }
});
