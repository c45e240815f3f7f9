import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { CentrifugoApi } from "tscent/api";
import type { CreateContender } from "./contender.ts";
import { grpcApi } from "./grpc-api.ts";

/** grpc-js's client with the generated messages of the other contenders, so only the transports differ. */
export const grpcJs: CreateContender = ({ grpcUrl, apiKey }) => {
  const client = new Client(new URL(grpcUrl).host, credentials.createInsecure(), {
    "grpc.max_receive_message_length": -1,
  });
  const metadata = new Metadata();
  metadata.set("authorization", `apikey ${apiKey}`);
  const unary = <I extends DescMessage, O extends DescMessage>(method: DescMethodUnary<I, O>) => {
    const { input, output } = method;
    const path = `/${method.parent.typeName}/${method.name}`;
    const serialize = (message: MessageShape<I>) => Buffer.from(toBinary(input, message));
    const deserialize = (bytes: Buffer) => fromBinary(output, bytes);
    return (message: MessageShape<I>) =>
      new Promise<MessageShape<O>>((resolve, reject) => {
        client.makeUnaryRequest(path, serialize, deserialize, message, metadata, (error, reply) => {
          if (error !== null) reject(error);
          else if (reply === undefined) reject(new Error("no reply"));
          else resolve(reply);
        });
      });
  };
  const { publish, batch, broadcast, history } = CentrifugoApi.method;
  const { publish: publishOne } = grpcApi({
    publish: unary(publish),
    batch: unary(batch),
    broadcast: unary(broadcast),
    history: unary(history),
  });
  return { publish: publishOne, close: async () => client.close() };
};
