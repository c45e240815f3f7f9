import type { ConnectError } from "@connectrpc/connect";
import { Code } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import { ErrorSchema } from "#api";
import { checkStatus } from "../../../src/transport/http/check-status.ts";
import { endpointAt } from "../../../src/transport/http/post-client.ts";

const endpoint = endpointAt("http://centrifugo.test/api/publish");

/** The error of a response. */
function failure(status: number, text = ""): ConnectError | undefined {
  const headers = () => new Headers({ "x-a": "1" });
  try {
    checkStatus({ status, body: Buffer.from(text), headers }, endpoint);
  } catch (error) {
    return error as ConnectError;
  }
  return undefined;
}

test("the statuses from 200 to 299 are successes", () => {
  expect([200, 204, 299].map((status) => failure(status))).toEqual([undefined, undefined, undefined]);
  for (const status of [199, 300, 400])
    expect(failure(status)).toMatchObject({ cause: { httpStatus: status } });
});

describe("the error of transport error mode", () => {
  const body = '{"code":107,"message":"bad request"}';

  test.each([400, 404, 409, 416, 500])("the API's error is a detail of status %i", (status) => {
    const error = failure(status, body);
    expect(error).toMatchObject({ rawMessage: "bad request" });
    expect(error?.findDetails(ErrorSchema)).toMatchObject([{ code: 107, message: "bad request" }]);
    expect(error?.metadata.get("x-a")).toBe("1");
  });

  test.each([
    [503, body],
    [429, body],
    [400, '{"code":"107","message":"x"}'],
    [400, '{"code":1.5,"message":"x"}'],
    [400, '{"code":0,"message":"x"}'],
    [400, '{"code":-1,"message":"x"}'],
    [400, '{"code":107,"message":5}'],
    [400, '{"code":107}'],
    [400, "null"],
    [400, "no JSON"],
  ])("no error of the API is in status %i with %s", (status, text) => {
    const error = failure(status, text);
    expect(error).toMatchObject({
      rawMessage: `HTTP ${status}: ${text}`,
      cause: { kind: "status", httpStatus: status },
    });
    expect(error?.details).toEqual([]);
    expect(error?.metadata.get("x-a")).toBe("1");
  });
});

describe("the message of a status", () => {
  test("a message shows the beginning of the body in one line", () => {
    expect(failure(502, " <b>\n\n  bad   gateway</b>\t")?.rawMessage).toBe("HTTP 502: <b> bad gateway</b>");
    expect(failure(502, "x".repeat(200))?.rawMessage).toBe(`HTTP 502: ${"x".repeat(200)}`);
    expect(failure(502, "x".repeat(201))?.rawMessage).toBe(`HTTP 502: ${"x".repeat(200)}…`);
    expect(failure(502)?.rawMessage).toBe("HTTP 502");
  });

  test("a message shows the address of a method that is not found", () => {
    expect(failure(404)).toMatchObject({
      rawMessage: `HTTP 404 at ${endpoint.href}`,
      code: Code.Unimplemented,
    });
    expect(failure(404, "gone")?.rawMessage).toBe(`HTTP 404 at ${endpoint.href}: gone`);
  });

  test.each([300, 301, 399])("a message says that redirect %i is not followed", (status) => {
    expect(failure(status, "moved")?.rawMessage).toBe(
      `HTTP ${status}: a redirect, which is not followed; give its target as url`,
    );
  });
});
