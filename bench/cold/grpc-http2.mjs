// Without protobuf-es: the bytes of the message are made here.
import { connect } from "node:http2";
import { publication, server } from "./cpu.mjs";

const lengthPrefixed = (tag, text) => Buffer.from([tag, Buffer.byteLength(text), ...Buffer.from(text)]);
const message = Buffer.concat([
  lengthPrefixed(0x0a, publication.channel),
  lengthPrefixed(0x12, JSON.stringify(publication.data)),
]);
const prefix = Buffer.from([0, 0, 0, 0, message.length]);

const session = connect(server.grpcUrl);
const stream = session.request({
  ":method": "POST",
  ":path": "/centrifugal.centrifugo.api.CentrifugoApi/Publish",
  "content-type": "application/grpc+proto",
  te: "trailers",
  authorization: `apikey ${server.apiKey}`,
});
stream.end(Buffer.concat([prefix, message]));
const status = await new Promise((resolve, reject) => {
  stream.on("trailers", (trailers) => resolve(trailers["grpc-status"]));
  stream.on("error", reject);
  stream.resume();
});
if (status !== "0") throw new Error("not published");
session.close();
