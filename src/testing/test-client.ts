import type { DescService } from "@bufbuild/protobuf";
import type { Interceptor } from "@connectrpc/connect";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import type { DefinedChannels } from "../channels/define-channels.ts";
import type { ChannelClient } from "../client/channel-client.ts";
import type { CentClient } from "../client/client-types.ts";
import { createClient } from "../client/create-client.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ClientOptions } from "../options/client-options.ts";
import type { DefaultService } from "../schema/service-types.ts";
import type { BackendOptions, ProxiedOptions } from "./backend.ts";
import { Backend } from "./backend.ts";
import { registerService } from "./service.ts";
import type { ProxiedBackend, TestBackend } from "./test-backend.ts";
import { ExposedBackend } from "./test-backend.ts";

/** Options of `createTestClient`. */
export interface TestClientOptions<Mode extends Int64 = Int64, Service extends DescService = DefaultService>
  extends BackendOptions<Service> {
  /**
   * The client's options, except for address, key and connection. `retry` is false by default, so that a test sees each
   * failure that it orders.
   */
  readonly client?:
    | Pick<
        ClientOptions<Service, Mode>,
        "batching" | "channels" | "headers" | "int64" | "json" | "retry" | "timeoutMs"
      >
    | undefined;
}

/** {@link TestClientOptions} of a client with `channels`. */
export interface ChannelTestClientOptions<
  Defined extends DefinedChannels,
  Mode extends Int64 = Int64,
  Service extends DescService = DefaultService,
> extends TestClientOptions<Mode, Service> {
  readonly client: NonNullable<TestClientOptions<Mode, Service>["client"]> & { readonly channels: Defined };
}

/** A client with `channels`, and its server, in the same process. */
export interface ChannelTestClient<
  Defined extends DefinedChannels,
  Mode extends Int64 = "number",
  Service extends DescService = DefaultService,
> {
  readonly client: ChannelClient<Defined, Service, Mode>;
  readonly server: TestBackend;
}

/** A client and its server, in the same process. */
export interface TestClient<Mode extends Int64 = "number", Service extends DescService = DefaultService> {
  readonly client: CentClient<Service, Mode>;
  readonly server: TestBackend;
}

/** A client and its server, which asks a proxy about clients, in the same process. */
export interface ProxiedTestClient<
  Mode extends Int64 = "number",
  Service extends DescService = DefaultService,
> {
  readonly client: CentClient<Service, Mode>;
  readonly server: ProxiedBackend;
}

/**
 * Creates a client of an in-memory Centrifugo without sockets, for unit tests of code that takes a client. Calls go through
 * Connect's router transport, and need no key.
 *
 * @throws TestConfigError for a configuration that a real server refuses, TypeError for a bad `service` or `methods`.
 */
export function createTestClient<
  Defined extends DefinedChannels,
  const Mode extends Int64 = "number",
  Service extends DescService = DefaultService,
>(
  options: ChannelTestClientOptions<Defined, Mode, Service> & { readonly proxy?: never },
): ChannelTestClient<Defined, Mode, Service>;
export function createTestClient<
  const Mode extends Int64 = "number",
  Service extends DescService = DefaultService,
>(options: TestClientOptions<Mode, Service> & ProxiedOptions): ProxiedTestClient<Mode, Service>;
export function createTestClient<
  const Mode extends Int64 = "number",
  Service extends DescService = DefaultService,
>(options?: TestClientOptions<Mode, Service>): TestClient<Mode, Service>;
export function createTestClient<Mode extends Int64, Service extends DescService>(
  options: TestClientOptions<Mode, Service> & Partial<ProxiedOptions> = {},
): object {
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

/** Tells the client's side by a header, because there is no connection to close. */
function dropByMetadata(): never {
  throw new ConnectError("connection dropped", Code.Unavailable, { [droppedHeader]: "1" });
}

/** Turns the header into the error of a reset socket. */
const turnIntoReset: Interceptor = (next) => async (request) => {
  try {
    return await next(request);
  } catch (error) {
    if (!(error instanceof ConnectError) || !error.metadata.has(droppedHeader)) throw error;
    const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
    throw new ConnectError(cause.message, Code.Unavailable, undefined, undefined, cause);
  }
};
