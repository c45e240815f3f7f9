import type { DescService } from "@bufbuild/protobuf";
import { count } from "../options/option-checks.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { BackendOptions } from "./backend.ts";
import { Backend } from "./backend.ts";
import type { Addresses, RestartOptions } from "./listeners.ts";
import { Listeners } from "./listeners.ts";
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
  /**
   * The requests after which a connection ends, as behind a proxy: over HTTP the last reply has `Connection: close`, over
   * gRPC the last stream is followed by a graceful GOAWAY. Later requests on it are not executed. Default: no limit.
   */
  readonly requestsPerConnection?: number | undefined;
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
  /**
   * Lets the connections end that are open now, over gRPC by a graceful GOAWAY. Calls that they have taken are finished;
   * they take no others, and new connections are welcome.
   */
  goAway(): void;
  /**
   * Ends the connections, stops listening, and listens at the same ports again, with the same state: histories, maps,
   * idempotency keys, recorded calls and connected clients. Restarts follow each other. Resolves when it listens again.
   *
   * @throws Error where the server is closed meanwhile, and Node's error for a port that was taken meanwhile.
   */
  restart(options?: RestartOptions): Promise<void>;
  /** Ends every connection at once and stops listening. */
  close(): Promise<void>;
}

/**
 * Starts a Centrifugo in memory: HTTP-JSON and gRPC (without TLS) on free ports of this machine, with state of its own.
 *
 * @throws TestConfigError for a configuration that a real server would not start with, TypeError for a
 * `requestsPerConnection` that is no integer above 0, and Node's error for a port that is taken.
 */
export async function startTestServer<Service extends DescService = DefaultService>(
  options: TestServerOptions<Service> = {},
): Promise<TestServer> {
  const { host = "127.0.0.1", httpPort = 0, grpcPort = 0 } = options;
  const { requestsPerConnection = Number.POSITIVE_INFINITY } = options;
  if (options.requestsPerConnection !== undefined) checkCount(requestsPerConnection);
  const backend = new Backend(options);
  const listeners = new Listeners(backend, requestsPerConnection);
  const { grpc, nodeName } = backend.engine.options;
  try {
    const ports = { host, httpPort, grpcPort: grpc.enabled ? grpcPort : undefined };
    const addresses = await listeners.start(ports);
    if (nodeName === "") backend.engine.node.name += `_${addresses.httpPort}`;
    return new RunningServer(backend, listeners, addresses);
  } catch (error) {
    backend.close();
    await listeners.close();
    throw error;
  }
}

function checkCount(requestsPerConnection: number): void {
  const result = count(requestsPerConnection);
  if (result !== true)
    throw new TypeError(`requestsPerConnection: expected ${result}, got ${requestsPerConnection}`);
}

class RunningServer extends ExposedBackend implements TestServer {
  readonly httpUrl: string;
  readonly apiKey: string;
  readonly grpcApiKey: string;
  readonly #grpcUrl: string | undefined;
  readonly #backend: Backend;
  readonly #listeners: Listeners;

  constructor(backend: Backend, listeners: Listeners, { host, httpPort, grpcPort }: Addresses) {
    super(backend);
    this.#backend = backend;
    this.#listeners = listeners;
    const { http, grpc } = backend.engine.options;
    const origin = `http://${host.includes(":") ? `[${host}]` : host}`;
    this.httpUrl = `${origin}:${httpPort}${http.prefix}`;
    this.apiKey = http.key === "" ? grpc.key : http.key;
    this.grpcApiKey = grpc.key === "" ? http.key : grpc.key;
    this.#grpcUrl = grpcPort === undefined ? undefined : `${origin}:${grpcPort}`;
  }

  get grpcUrl(): string {
    if (this.#grpcUrl === undefined)
      throw new Error("gRPC is off: the configuration has grpc_api.enabled false");
    return this.#grpcUrl;
  }

  goAway(): void {
    this.#listeners.goAway();
  }

  restart(options?: RestartOptions): Promise<void> {
    return this.#listeners.restart(options);
  }

  close(): Promise<void> {
    this.#backend.close();
    return this.#listeners.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
