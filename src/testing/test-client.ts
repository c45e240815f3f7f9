import type { DescService } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import type { CentClient } from "../client/client-types.ts";
import { createClient } from "../client/create-client.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ClientOptions } from "../options/client-options.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { BackendOptions } from "./backend.ts";
import { Backend } from "./backend.ts";
import { registerService } from "./service.ts";
import type { TestBackend } from "./test-backend.ts";
import { ExposedBackend } from "./test-backend.ts";

/** How `createTestClient` sets up the client and its server. */
export interface TestClientOptions<Mode extends Int64 = Int64, Service extends DescService = DefaultService>
  extends BackendOptions<Service> {
  /**
   * Options of the client that is made: those that do not concern an address, a key or a connection. `retry` is false by
   * default, so that a failure that a test orders is one that it sees.
   */
  readonly client?:
    | Pick<ClientOptions<Service, Mode>, "batching" | "headers" | "int64" | "json" | "retry" | "timeoutMs">
    | undefined;
}

/** A client, and the server in the same process that it talks to. */
export interface TestClient<Mode extends Int64 = "number", Service extends DescService = DefaultService> {
  readonly client: CentClient<Service, Mode>;
  readonly server: TestBackend;
}

/**
 * A client of a Centrifugo in memory, without sockets: for unit tests of code that is given a client. Calls go through
 * Connect's router transport. No key is asked for.
 *
 * @throws TestConfigError for a configuration that a real server would not start with.
 */
export function createTestClient<
  const Mode extends Int64 = "number",
  Service extends DescService = DefaultService,
>(options: TestClientOptions<Mode, Service> = {}): TestClient<Mode, Service> {
  const backend = new Backend(options);
  const transport = createRouterTransport(
    (router) => registerService(router, backend, { name: "memory", drop: dropByMetadata }),
    { transport: { interceptors: [turnIntoReset] } },
  );
  const client = createClient<Service, Mode>({
    retry: false,
    ...options.client,
    service: options.service,
    transport,
  });
  return { client, server: new ExposedBackend(backend) };
}

const droppedHeader = "x-test-connection-dropped";

/** There is no connection to close, so the end of one is told to the client's side by a header. */
function dropByMetadata(): never {
  throw new ConnectError("connection dropped", Code.Unavailable, { [droppedHeader]: "1" });
}

/** Makes of that header what a client sees when a socket is reset. */
const turnIntoReset: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (!(error instanceof ConnectError) || !error.metadata.has(droppedHeader)) throw error;
    const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
    throw new ConnectError(cause.message, Code.Unavailable, undefined, undefined, cause);
  }
};
