import { connect, constants } from "node:http2";
import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CentrifugoApi } from "tscent/api";
import type { CreateContender } from "./contender.ts";
import { grpcApi } from "./grpc-api.ts";

const prefixLength = 5;
/** HTTP/2's default window of 64 KiB slows down a large history. */
const windowSize = 16 * 1024 * 1024;

/** gRPC on one HTTP/2 session with nothing around it: no deadline, no second connection, no interceptors. */
export const http2ByHand: CreateContender = ({ grpcUrl, apiKey }) => {
  const session = connect(grpcUrl, { settings: { initialWindowSize: windowSize } });
  session.once("connect", () => session.setLocalWindowSize(windowSize));
  const unary =
    <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>) =>
    (message: MessageShape<I>) =>
      new Promise<MessageShape<O>>((resolve, reject) => {
        const stream = session.request({
          ":method": "POST",
          ":path": `/${method.parent.typeName}/${method.name}`,
          "content-type": "application/grpc+proto",
          te: "trailers",
          authorization: `apikey ${apiKey}`,
        });
        const received: Buffer[] = [];
        let status: unknown;
        stream.on("response", (header) => {
          status = header["grpc-status"];
        });
        stream.on("data", (chunk: Buffer) => received.push(chunk));
        stream.on("trailers", (trailer) => {
          status = trailer["grpc-status"];
        });
        stream.on("error", reject);
        stream.on("end", () => {
          if (status !== "0") return reject(new Error(`grpc-status ${status}`));
          const [only] = received;
          const body = received.length === 1 && only !== undefined ? only : Buffer.concat(received);
          if (body.byteLength !== prefixLength + body.readUInt32BE(1)) return reject(new Error("bad frame"));
          resolve(fromBinary(method.output, body.subarray(prefixLength)));
        });
        const bytes = toBinary(method.input, message);
        const frame = Buffer.allocUnsafe(prefixLength + bytes.byteLength);
        frame[0] = 0;
        frame.writeUInt32BE(bytes.byteLength, 1);
        frame.set(bytes, prefixLength);
        stream.end(frame);
      });
  const { publish, batch, broadcast, history } = CentrifugoApi.method;
  const calls = {
    publish: unary(publish),
    batch: unary(batch),
    broadcast: unary(broadcast),
    history: unary(history),
  };
  return {
    ...grpcApi(calls),
    close: async () => session.destroy(undefined, constants.NGHTTP2_NO_ERROR),
  };
};
