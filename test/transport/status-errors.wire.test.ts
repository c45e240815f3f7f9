import type { ConnectError } from "@connectrpc/connect";
import { describe, expect, test } from "vitest";
import {
  CentTimeoutError,
  CentTransportError,
  CentUnauthorizedError,
  CentUnimplementedError,
} from "../../src/index.ts";
import { clientOf, expectError, rejection } from "../harness/expected-error.ts";
import type { StartServer } from "../harness/misbehaving-server.ts";
import { grpcFrame, ofGrpcHeaders, ofGrpcReply, ofHttp, ofReply } from "../harness/misbehaving-server.ts";
import { resultOf } from "../harness/result-of.ts";
import type { Protocol } from "../harness/scripted-server.ts";
import { protocols } from "../harness/scripted-server.ts";

const request = { channel: "chat", data: {} };

async function failure(protocol: Protocol, start: StartServer): Promise<unknown> {
  await using server = await start();
  await using client = clientOf(protocol, server);
  return await rejection(client.publish(request));
}

/** A gRPC status comes in trailers after a body, in trailers alone, or in the headers. */
function grpcStatus(status: string, message = ""): readonly StartServer[] {
  const trailers = { "grpc-status": status, "grpc-message": message };
  return [
    ofGrpcHeaders(trailers),
    ofGrpcReply({ trailers }),
    ofGrpcReply({ trailers, body: grpcFrame(new Uint8Array([18, 0])) }),
  ];
}

const httpStatuses = [
  300, 304, 400, 402, 403, 405, 408, 409, 413, 416, 429, 499, 500, 501, 502, 503, 504, 599,
];
const gateway = "<html>\n  <body>bad\tgateway</body></html>";

describe("http", () => {
  test.each(["", "unauthorized", '{"error":"no key"}', '{"code":401,"message":"no key"}'])(
    "an HTTP reply 401 with the body %j is a CentUnauthorizedError",
    async (body) => {
      const error = expectError(await failure("http", ofReply(401, body)), CentUnauthorizedError);
      expect(error.message).toMatch(/^publish: ./);
    },
  );

  test.each(["", "404 page not found\n"])(
    "an HTTP reply 404 with the body %j is a CentUnimplementedError",
    async (body) => {
      const error = expectError(await failure("http", ofReply(404, body)), CentUnimplementedError);
      expect(error.httpStatus).toBe(404);
      expect(error).toBeInstanceOf(CentTransportError);
    },
  );

  test.each(httpStatuses)("an HTTP reply %d is a CentTransportError", async (status) => {
    for (const body of status === 304 ? [""] : ["", gateway]) {
      const error = expectError(await failure("http", ofReply(status, body)), CentTransportError);
      expect(error.httpStatus).toBe(status);
      expect(error.message).toContain(`publish: HTTP ${status}`);
      if (body !== "" && status >= 400)
        expect(error.message).toContain("<html> <body>bad gateway</body></html>");
    }
  });

  test.each([429, 502, 503])(
    "an HTTP reply %d is a gateway's, though its body looks like an error of Centrifugo",
    async (status) => {
      const body = '{"code":14,"message":"upstream is down"}';
      const error = expectError(await failure("http", ofReply(status, body)), CentTransportError);
      expect(error.httpStatus).toBe(status);
      expect(error.message).toContain("upstream is down");
    },
  );

  test.each([301, 302, 303, 307, 308])(
    "a redirect %d is a CentTransportError, and is not followed",
    async (status) => {
      let visits = 0;
      const onVisit = ofHttp((_request, response) => {
        visits++;
        response.end('{"result":{}}');
      });
      await using target = await onVisit();
      const location = `http://127.0.0.1:${target.port}/api/publish`;
      const error = expectError(await failure("http", ofReply(status, "", { location })), CentTransportError);
      expect(error.httpStatus).toBe(status);
      expect(error.message).toContain("redirect");
      expect([visits, target.accepted()]).toEqual([0, 0]);
    },
  );

  test.each([200, 201, 202, 299])("an HTTP reply %d with a result is a success", async (status) => {
    await using server = await ofReply(status, '{"result":{"offset":7}}')();
    await using client = clientOf("http", server);
    expect(await client.publish(request)).toEqual(resultOf("publish", { offset: 7, epoch: "" }));
  });

  test("a long page is cut short in the error's message", async () => {
    const error = expectError(await failure("http", ofReply(502, "x".repeat(5_000))), CentTransportError);
    expect(error.message.length).toBeLessThan(300);
  });
});

describe("grpc", () => {
  test("UNAUTHENTICATED is a CentUnauthorizedError", async () => {
    for (const start of grpcStatus("16", "unauthenticated")) {
      const error = expectError(await failure("grpc", start), CentUnauthorizedError);
      expect(error.message).toBe("publish: unauthenticated: apiKey is not the server's grpc_api.key");
    }
  });

  test("UNIMPLEMENTED is a CentUnimplementedError", async () => {
    for (const start of grpcStatus("12", "method Publish not implemented")) {
      const error = expectError(await failure("grpc", start), CentUnimplementedError);
      expect(error.grpcStatus).toBe(12);
      expect(error.message).toBe(
        "publish: method Publish not implemented: the server is too old for this method, or url is not the address of its API",
      );
    }
  });

  test("DEADLINE_EXCEEDED is a CentTimeoutError", async () => {
    for (const start of grpcStatus("4", "too late")) {
      expect(expectError(await failure("grpc", start), CentTimeoutError).message).toBe("publish: too late");
    }
  });

  test.each([1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15])(
    "the gRPC status %d is a CentTransportError",
    async (status) => {
      for (const start of grpcStatus(`${status}`, "not%20now: 5%25 %C3%BC")) {
        const error = expectError(await failure("grpc", start), CentTransportError);
        expect(error.grpcStatus).toBe(status);
        expect(error.message).toBe("publish: not now: 5% ü");
      }
    },
  );

  test.each([
    ["17", 17],
    ["99", 99],
    ["abc", 2],
    ["-1", 2],
    ["1e1", 2],
    ["99999999999999999999", 2],
  ])("the unknown gRPC status %s is a CentTransportError", async (status, seen) => {
    for (const start of grpcStatus(status)) {
      const error = expectError(await failure("grpc", start), CentTransportError);
      expect(error.grpcStatus).toBe(seen);
      expect(error.message).toContain(status);
    }
  });

  test.each(["100%", "%zz%41", "%e0%a4%a"])(
    "the grpc-message %j does not hide the status",
    async (message) => {
      for (const start of grpcStatus("8", message)) {
        const error = expectError(await failure("grpc", start), CentTransportError);
        expect([error.grpcStatus, error.message]).toEqual([8, `publish: ${message}`]);
      }
    },
  );

  test("details that cannot be read do not hide the status", async () => {
    for (const details of ["?", "AAAA", "CA0"]) {
      const trailers = {
        "grpc-status": "13",
        "grpc-message": "broken",
        "grpc-status-details-bin": details,
      };
      const error = expectError(await failure("grpc", ofGrpcReply({ trailers })), CentTransportError);
      expect([details, error.grpcStatus]).toEqual([details, 13]);
    }
  });

  // The base64 of a google.rpc.Status that has a code alone: 5, 99, -1.
  test.each(["CAU", "CGM", "CP///////////wE"])(
    "details of another code, %s, do not hide the status",
    async (details) => {
      const trailers = { "grpc-status": "16", "grpc-message": "no", "grpc-status-details-bin": details };
      const error = expectError(await failure("grpc", ofGrpcReply({ trailers })), CentUnauthorizedError);
      const { code, cause } = error.cause as ConnectError;
      expect([code, cause]).toEqual([16, expect.objectContaining({ grpcStatus: 16 })]);
    },
  );

  test.each([
    ["without trailers", ofGrpcReply({ trailers: undefined })],
    ["with trailers that have none", ofGrpcReply({ trailers: { "x-trace": "1" } })],
    ["in HTML", ofGrpcReply({ trailers: undefined, contentType: "text/html", body: Buffer.from(gateway) })],
  ])("a missing gRPC status, %s, is a CentTransportError with the status UNKNOWN", async (_title, start) => {
    const error = expectError(await failure("grpc", start), CentTransportError);
    expect(error.grpcStatus).toBe(2);
    expect(error.message).toContain("grpc-status");
  });

  test("a status whose message reads like an error of connect-es is still a status", async () => {
    for (const server of grpcStatus("13", "protocol error: something broke")) {
      const error = expectError(await failure("grpc", server), CentTransportError);
      expect(error.grpcStatus).toBe(13);
    }
  });

  test("a gRPC reply with HTTP 401 is a CentUnauthorizedError", async () => {
    expectError(
      await failure("grpc", ofGrpcReply({ status: 401, trailers: undefined })),
      CentUnauthorizedError,
    );
  });

  test("a gRPC reply with HTTP 404 is a CentUnimplementedError", async () => {
    const reply = { status: 404, trailers: undefined, contentType: "text/plain", body: Buffer.from("no") };
    const error = expectError(await failure("grpc", ofGrpcReply(reply)), CentUnimplementedError);
    expect(error.httpStatus).toBe(404);
  });

  test.each([...httpStatuses, 302, 204])(
    "a gRPC reply with HTTP %d is a CentTransportError",
    async (status) => {
      for (const contentType of ["text/html", "application/grpc"]) {
        const reply = { status, trailers: undefined, contentType };
        const error = expectError(await failure("grpc", ofGrpcReply(reply)), CentTransportError);
        expect(error.httpStatus).toBe(status);
        expect(error.message).toContain(`HTTP ${status}`);
      }
    },
  );
});

test.each(protocols)("%s: an error status does not end the connection", async (protocol) => {
  const start = protocol === "http" ? ofReply(503) : ofGrpcHeaders({ "grpc-status": "14" });
  await using server = await start();
  await using client = clientOf(protocol, server);
  for (let call = 0; call < 20; call++) {
    expectError(await rejection(client.publish(request)), CentTransportError);
  }
  // The pool may open another connection before it knows that the first is free again.
  expect(server.accepted()).toBeLessThan(4);
});
