import type { DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { CentrifugoProxy } from "../../gen/centrifugal/centrifugo/proxy/proxy_pb.ts";

/** A raw client of the proxy service, as Centrifugo is one. */
export class GrpcClient {
  readonly #client: Client;
  readonly #metadata = new Metadata();

  constructor(port: number, headers: readonly (readonly [string, string])[] = []) {
    this.#client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
    for (const [name, value] of headers) this.#metadata.add(name, value);
  }

  /** Makes a unary call. Rejects with the status of grpc-js. */
  call<In extends DescMessage, Out extends DescMessage>(
    { name, input, output }: { name: string; input: In; output: Out },
    request: MessageInitShape<In>,
    deadlineMs = 5_000,
  ): Promise<MessageShape<Out>> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        ...this.#path(name, input, output),
        create(input, request),
        this.#metadata,
        { deadline: Date.now() + deadlineMs },
        (error, response) => (response === undefined ? reject(error) : resolve(response)),
      );
    });
  }

  unidirectional(request: MessageInitShape<typeof CentrifugoProxy.method.subscribeUnidirectional.input>) {
    const { name, input, output } = CentrifugoProxy.method.subscribeUnidirectional;
    const path = this.#path(name, input, output);
    return this.#client.makeServerStreamRequest(...path, create(input, request), this.#metadata);
  }

  bidirectional() {
    const { name, input, output } = CentrifugoProxy.method.subscribeBidirectional;
    return this.#client.makeBidiStreamRequest(...this.#path(name, input, output), this.#metadata);
  }

  close(): void {
    this.#client.close();
  }

  #path<In extends DescMessage, Out extends DescMessage>(name: string, input: In, output: Out) {
    return [
      `/${CentrifugoProxy.typeName}/${name}`,
      (message: MessageShape<In>) => Buffer.from(toBinary(input, message)),
      // Copied, as fields of bytes would be Buffers.
      (bytes: Buffer) => fromBinary(output, new Uint8Array(bytes)),
    ] as const;
  }
}
