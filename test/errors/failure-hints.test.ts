import { describe, expect, test } from "vitest";
import { CentApiResponseError } from "../../src/errors/cent-error.ts";
import type { CallRecord } from "../../src/errors/map-error.ts";
import { mapError } from "../../src/errors/map-error.ts";
import { Code } from "../../src/limits/connect-error.ts";
import type { ReplyStatus } from "../../src/transport/transport-failure.ts";
import {
  connectionFailure,
  decodeFailure,
  networkFailure,
  requestFailure,
  statusFailure,
} from "../../src/transport/transport-failure.ts";

const once: CallRecord = { attempts: 1, maybeExecuted: false, key: "apiKey" };
const messageOf = (thrown: unknown, method = "info") => mapError(thrown, method, once).message;
const ofStatus = (message: string, status: ReplyStatus) =>
  messageOf(statusFailure(message, status, Code.Unknown));

const url = "http://localhost:8000/api/info";
const useGrpc = 'if it is the port of gRPC, use transport: "grpc"';
const noGrpc = 'the server speaks no gRPC there; use the port of grpc_api (10000), or transport: "http"';

describe("the message of a lost connection", () => {
  /** A lost connection as undici reports it. */
  const closed = (socket: unknown, origin = "http://localhost:10000") => {
    const error = Object.assign(new Error("other side closed", { cause: new Error("x") }), { socket });
    return messageOf(connectionFailure(error, origin));
  };

  test("asks for another port if the server sent nothing", () => {
    expect(closed({ bytesRead: 0 })).toBe(
      `info: other side closed (http://localhost:10000): nothing came from the server; ${useGrpc}; if it expects TLS, use https:// in url`,
    );
    expect(closed({ bytesRead: 0 }, "https://localhost:10000")).toBe(
      `info: other side closed (https://localhost:10000): nothing came from the server; ${useGrpc}`,
    );
  });

  test.each([{ bytesRead: 17 }, null, undefined])("gives no hint with the socket %j", (socket) => {
    expect(closed(socket)).toBe("info: other side closed (http://localhost:10000)");
  });

  test("says that the port speaks no HTTP/2, but only if nothing was executed", () => {
    const lost = (syscall: string) =>
      messageOf(
        networkFailure(
          "Protocol error.",
          Object.assign(new Error("x"), { code: "ERR_HTTP2_ERROR", syscall }),
        ),
      );
    expect(lost("connect")).toBe(
      'info: Protocol error: the port speaks no HTTP/2; use the port of grpc_api (10000), or transport: "http"',
    );
    expect(lost("read")).toBe("info: Protocol error.");
  });

  test("keeps the periods before its last one", () => {
    const message = "Response of 127.0.0.1 does not match the HTTP/1.1 protocol. Expected HTTP/.";
    expect(messageOf(networkFailure(message))).toBe(
      `info: ${message.slice(0, -1)}: the port speaks no HTTP/1.1; use the port of the HTTP API (8000), or transport: "grpc"`,
    );
  });
});

describe("the message of a status", () => {
  test("says that the server speaks no gRPC only over gRPC, which has no url", () => {
    for (const httpStatus of [400, 404, 405, 415]) {
      expect(ofStatus("x", { httpStatus })).toBe(`info: x: ${noGrpc}`);
    }
    expect(ofStatus("x", { httpStatus: 405, url })).toBe("info: x");
    expect(ofStatus("x", { httpStatus: 503 })).toBe("info: x");
  });

  test("asks for https:// only with the status 400, and the words of a port that expects TLS", () => {
    const said = "The plain HTTP request was sent to HTTPS port";
    expect(ofStatus(said, { httpStatus: 400, url })).toBe(`info: ${said}: use https:// in url`);
    expect(ofStatus("x", { httpStatus: 400, url })).toBe("info: x");
    expect(ofStatus("no HTTPS server answered", { httpStatus: 502, url })).toBe(
      "info: no HTTPS server answered",
    );
  });

  test("blames a path in the url only if the unknown service has one", () => {
    const service = "centrifugal.centrifugo.api.CentrifugoApi";
    expect(ofStatus(`unknown service api/${service}`, { grpcStatus: Code.Unimplemented })).toMatch(
      /without a path/,
    );
    expect(ofStatus(`unknown service ${service}`, { grpcStatus: Code.Unimplemented })).toMatch(
      /too old for this method/,
    );
  });
});

test("a failure in the client or in reading a reply has no hint about the server's port", () => {
  const said = "Expected HTTP/";
  for (const failure of [requestFailure(said, "data", undefined), decodeFailure(said)]) {
    expect(messageOf(failure)).toBe(`info: ${said}`);
  }
});

test.each([
  ["mapPublish", "to"],
  ["subscribe", "to"],
  ["unsubscribe", "of"],
  ["presence", "of"],
])("the message of an API error says %s %s a channel", (method, word) => {
  const error = new CentApiResponseError(4711, "no", { method, channel: "chat" });
  expect(error.message).toBe(`${method} ${word} chat: no (4711)`);
});
