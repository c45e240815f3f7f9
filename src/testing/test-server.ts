import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import type { DescService } from "@bufbuild/protobuf";
import type { DefaultService } from "../schema/service-types.ts";
import type { BackendOptions } from "./backend.ts";
import { Backend } from "./backend.ts";
import { grpcListener } from "./grpc/listener.ts";
import { httpListener } from "./http/listener.ts";
import { ListeningServer } from "./listening-server.ts";
import type { TestBackend } from "./test-backend.ts";
import { ExposedBackend } from "./test-backend.ts";

/** How `startTestServer` sets up the server. */
export interface TestServerOptions<Service extends DescService = DefaultService>
  extends BackendOptions<Service> {
  /** The address to listen at. Default "127.0.0.1". */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly httpPort?: number | undefined;
  /** Default 0: any free port. */
  readonly grpcPort?: number | undefined;
}

/** A Centrifugo in memory, behind real sockets. */
export interface TestServer extends TestBackend, AsyncDisposable {
  /** The client's `url` over HTTP: `http://127.0.0.1:…/api`, or what the configuration has for `/api`. */
  readonly httpUrl: string;
  /**
   * The client's `url` over gRPC.
   *
   * @throws Error where the configuration turns gRPC off.
   */
  readonly grpcUrl: string;
  /** The configured key of the HTTP API; where it has none, that of the gRPC API. */
  readonly apiKey: string;
  /** The key that gRPC takes, or where only HTTP has one, that. */
  readonly grpcApiKey: string;
  /** Ends every connection at once and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a Centrifugo in memory: HTTP-JSON and gRPC (without TLS) on free ports of this machine, with state of its own.
 *
 * @throws TestConfigError for a configuration that a real server would not start with, and Node's error for a port that
 * is taken.
 */
export async function startTestServer<Service extends DescService = DefaultService>(
  options: TestServerOptions<Service> = {},
): Promise<TestServer> {
  const { host = "127.0.0.1", httpPort = 0, grpcPort = 0 } = options;
  const backend = new Backend(options);
  const { grpc: grpcOptions, nodeName } = backend.engine.options;
  // What a Go server has: idle connections live as long as a request may take to read, and headers may be large.
  const http = new ListeningServer(
    createServer({ keepAliveTimeout: 30_000, maxHeaderSize: 1024 * 1024 }, httpListener(backend)),
  );
  const grpc = new ListeningServer(
    createHttp2Server(
      { maxSessionMemory: 1000 },
      grpcListener(backend, (port) => grpc.dropConnection(port)),
    ),
  );
  const stop = async () => {
    backend.close();
    await Promise.all([http.close(), grpc.close()]);
  };
  try {
    const httpOrigin = await http.listen(httpPort, host);
    const grpcOrigin = grpcOptions.enabled ? await grpc.listen(grpcPort, host) : undefined;
    if (nodeName === "") backend.engine.node.name += `_${new URL(httpOrigin).port}`;
    return new RunningServer(backend, httpOrigin, grpcOrigin, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

class RunningServer extends ExposedBackend implements TestServer {
  readonly httpUrl: string;
  readonly apiKey: string;
  readonly grpcApiKey: string;
  readonly #grpcUrl: string | undefined;
  readonly #stop: () => Promise<void>;

  constructor(
    backend: Backend,
    httpOrigin: string,
    grpcOrigin: string | undefined,
    stop: () => Promise<void>,
  ) {
    super(backend);
    const { http, grpc } = backend.engine.options;
    this.httpUrl = httpOrigin + http.prefix;
    this.apiKey = http.key === "" ? grpc.key : http.key;
    this.grpcApiKey = grpc.key === "" ? http.key : grpc.key;
    this.#grpcUrl = grpcOrigin;
    this.#stop = stop;
  }

  get grpcUrl(): string {
    if (this.#grpcUrl === undefined)
      throw new Error("gRPC is off: the configuration has grpc_api.enabled false");
    return this.#grpcUrl;
  }

  close(): Promise<void> {
    return this.#stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stop();
  }
}
