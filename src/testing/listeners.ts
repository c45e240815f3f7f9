import { createServer } from "node:http";
import { createServer as createHttp2Server } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import type { Backend } from "./backend.ts";
import { GrpcConnections } from "./grpc/connections.ts";
import { grpcListener } from "./grpc/listener.ts";
import { HttpConnections } from "./http/connections.ts";
import { httpListener } from "./http/listener.ts";
import { ListeningServer } from "./listening-server.ts";

/** The addresses of the listeners. */
export interface Addresses {
  readonly host: string;
  readonly httpPort: number;
  /** Undefined if gRPC is off. */
  readonly grpcPort: number | undefined;
}

/** Options of `restart`. */
export interface RestartOptions {
  /** Milliseconds of real time without a listener. Default 0. */
  readonly downMs?: number | undefined;
  /** Finishes the calls in flight first, and takes no others meanwhile. Default false: all calls end at once. */
  readonly graceful?: boolean | undefined;
}

/** The HTTP and the gRPC listener of one backend. They start, restart and end together. */
export class Listeners {
  readonly #http: ListeningServer;
  readonly #grpc: ListeningServer;
  readonly #closing = new AbortController();
  #addresses: Addresses = { host: "", httpPort: 0, grpcPort: undefined };
  #restarted: Promise<void> = Promise.resolve();

  constructor(backend: Backend, requestsPerConnection: number) {
    this.#http = openHttp(backend, new HttpConnections(requestsPerConnection));
    this.#grpc = openGrpc(backend, new GrpcConnections(requestsPerConnection));
  }

  /** Starts listening, and returns the addresses. Port 0 stands for any free port. */
  async start({ host, httpPort, grpcPort }: Addresses): Promise<Addresses> {
    this.#addresses = {
      host,
      httpPort: await this.#http.listen(httpPort, host),
      grpcPort: grpcPort === undefined ? undefined : await this.#grpc.listen(grpcPort, host),
    };
    return this.#addresses;
  }

  goAway(): void {
    this.#http.goAway();
    this.#grpc.goAway();
  }

  /** Restarts after any restart in progress. */
  restart(options: RestartOptions = {}): Promise<void> {
    const restarted = this.#restarted.then(() => this.#restart(options));
    this.#restarted = restarted.catch(() => {
      // The caller has the error; the next restart tries again.
    });
    return restarted;
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error("the test server was closed"));
    await this.#end();
    await this.#restarted;
  }

  async #restart({ downMs = 0, graceful = false }: RestartOptions): Promise<void> {
    const { signal } = this.#closing;
    signal.throwIfAborted();
    if (graceful) await Promise.all([this.#http.drain(), this.#grpc.drain()]);
    else await this.#end();
    if (downMs > 0) await delay(downMs, undefined, { signal }).catch(throwReason);
    signal.throwIfAborted();
    await this.start(this.#addresses);
    if (!signal.aborted) return;
    await this.#end();
    throw signal.reason;
  }

  async #end(): Promise<void> {
    await Promise.all([this.#http.close(), this.#grpc.close()]);
  }
}

function throwReason(error: Error): never {
  // The error of an aborted timer has the signal's reason as its cause.
  throw error.cause ?? error;
}

function openHttp(backend: Backend, connections: HttpConnections): ListeningServer {
  const answer = httpListener(backend);
  // As in a Go server: idle connections live 30 s, and headers may have 1 MiB.
  const server = createServer(
    { keepAliveTimeout: 30_000, maxHeaderSize: 1024 * 1024 },
    (request, response) => {
      if (connections.takes(request, response)) answer(request, response);
    },
  );
  connections.follow(server);
  return new ListeningServer(server, connections);
}

function openGrpc(backend: Backend, connections: GrpcConnections): ListeningServer {
  const answer = grpcListener(backend, (port) => listening.dropConnection(port));
  const server = createHttp2Server({ maxSessionMemory: 1000 }, (request, response) => {
    if (connections.takes(request.stream)) answer(request, response);
  });
  connections.follow(server);
  const listening = new ListeningServer(server, connections);
  return listening;
}
