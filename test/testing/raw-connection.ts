import { once } from "node:events";
import type { ClientHttp2Session } from "node:http2";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { create, toBinary } from "@bufbuild/protobuf";
import { PublishRequestSchema } from "#api";
import type { TestServer } from "../../src/testing/index.ts";
import { sendGrpc } from "../harness/raw-grpc.ts";

/** Publishes over one HTTP connection in a single write. Returns all that comes until the server ends it. */
export async function publishOverHttp(server: TestServer, times: number): Promise<string> {
  const { host, hostname, port, pathname } = new URL(server.httpUrl);
  const socket = connect(Number(port), hostname);
  const body = JSON.stringify({ channel: "a", data: 1 });
  const head = `POST ${pathname}/publish HTTP/1.1\r\nHost: ${host}\r\nX-API-Key: ${server.apiKey}`;
  socket.write(`${head}\r\nContent-Length: ${body.length}\r\n\r\n${body}`.repeat(times));
  return text(socket);
}

/** A bare HTTP/2 connection, and the GOAWAY that it gets: the code and the last stream. */
export async function openHttp2(
  server: TestServer,
): Promise<{ session: ClientHttp2Session; goaway: Promise<unknown[]> }> {
  const session = connectHttp2(server.grpcUrl);
  session.on("error", () => {
    // A session that is cut off may emit an error.
  });
  await once(session, "remoteSettings");
  return { session, goaway: once(session, "goaway").then((values) => values.slice(0, 2)) };
}

/** Publishes in one stream, and returns the gRPC status. */
export async function publishOverGrpc(server: TestServer, session: ClientHttp2Session): Promise<string> {
  const message = toBinary(
    PublishRequestSchema,
    create(PublishRequestSchema, { channel: "a", data: new TextEncoder().encode("1") }),
  );
  const metadata = { authorization: `apikey ${server.grpcApiKey}` };
  const path = "/centrifugal.centrifugo.api.CentrifugoApi/Publish";
  return (await sendGrpc(session, path, metadata, message)).grpcStatus;
}
