// The generated messages are those of tscent, as in the contender of the same name.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { CentrifugoApi, PublishRequestSchema } from "tscent/api";
import { publication, server } from "./cpu.mjs";

const client = new Client(new URL(server.grpcUrl).host, credentials.createInsecure());
const metadata = new Metadata();
metadata.set("authorization", `apikey ${server.apiKey}`);
const { parent, name, input, output } = CentrifugoApi.method.publish;
const data = new TextEncoder().encode(JSON.stringify(publication.data));
const message = create(PublishRequestSchema, { channel: publication.channel, data });
const reply = await new Promise((resolve, reject) => {
  client.makeUnaryRequest(
    `/${parent.typeName}/${name}`,
    (request) => Buffer.from(toBinary(input, request)),
    (bytes) => fromBinary(output, bytes),
    message,
    metadata,
    (error, response) => (error ? reject(error) : resolve(response)),
  );
});
if (reply.result === undefined) throw new Error("not published");
client.close();
