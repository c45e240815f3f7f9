import type { DescService } from "@bufbuild/protobuf";
import { count } from "../options/option-checks.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { BackendOptions, ProxiedOptions } from "./backend.ts";
import { Backend } from "./backend.ts";
import type { Addresses, RestartOptions } from "./listeners.ts";
import { Listeners } from "./listeners.ts";
import type { ProxiedConnect, TestBackend } from "./test-backend.ts";
import { ExposedBackend } from "./test-backend.ts";

/** Options of `startTestServer`. */
export interface TestServerOptions<Service extends DescService = DefaultService>
  extends BackendOptions<Service> {
  /** The address to listen at. Default "127.0.0.1". */
  readonly host?: string | undefined;
  /** The port of the HTTP API. Default 0: any free port. */
  readonly httpPort?: number | undefined;
  /** The port of the gRPC API. Default 0: any free port. */
  readonly grpcPort?: number | undefined;
  /**
   * Requests after which a connection ends, as behind a proxy. Over HTTP the last reply has `Connection: close`; over gRPC a
   * graceful GOAWAY follows the last stream. Later requests on the connection are not executed. Default: no limit.
   */
  readonly requestsPerConnection?: number | undefined;
}

/** An in-memory Centrifugo behind real sockets. */
export interface TestServer extends TestBackend, AsyncDisposable {
  /** The client's `url` over HTTP: `http://127.0.0.1:…/api`, or with the configured `handler_prefix`. */
  readonly httpUrl: string;
  /**
   * The client's `url` over gRPC.
   *
   * @throws Error if the configuration turns gRPC off.
   */
  readonly grpcUrl: string;
  /** The configured key of the HTTP API, else of the gRPC API. */
  readonly apiKey: string;
  /** The configured key of the gRPC API, else of the HTTP API. */
  readonly grpcApiKey: string;
  /**
   * Ends each open connection after the calls that it has taken, over gRPC by a graceful GOAWAY. The server goes on and takes
   * new connections.
   */
  goAway(): void;
  /**
   * Ends the connections, and listens at the same ports again. Keeps the state: histories, maps, idempotency keys, recorded
   * calls and connected clients. Waits for an earlier restart. Resolves when the server listens again.
   *
   * @throws Error if the server is closed meanwhile, and Node's error if another program takes the port.
   */
  restart(options?: RestartOptions): Promise<void>;
  /** Ends every connection at once and stops listening. */
  close(): Promise<void>;
}

/** An in-memory Centrifugo behind real sockets, which asks a proxy about clients. */
export interface ProxiedTestServer extends Omit<TestServer, "connect">, ProxiedConnect {}

/**
 * Starts an in-memory Centrifugo with its own state: HTTP-JSON and gRPC (without TLS), by default on free loopback ports.
 *
 * @throws TestConfigError for a configuration that a real server refuses, TypeError for a bad `service`, `methods` or
 * `requestsPerConnection` (an integer above 0), and Node's error for a port that is taken.
 */
export function startTestServer<Service extends DescService = DefaultService>(
  options: TestServerOptions<Service> & ProxiedOptions,
): Promise<ProxiedTestServer>;
export function startTestServer<Service extends DescService = DefaultService>(
  options?: TestServerOptions<Service>,
): Promise<TestServer>;
export async function startTestServer(
  options: TestServerOptions<DescService> & Partial<ProxiedOptions> = {},
): Promise<TestServer | ProxiedTestServer> {
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
