import type { CentClient, Interceptor } from "tscent";
import { createClient, unwrap } from "tscent";
import type { BenchAddresses } from "../server.ts";
import type { Contender, CreateContender } from "./contender.ts";

const doesNothing: Interceptor = (next) => (request) => next(request);

type Transport = "HTTP" | "gRPC";

/** tscent with default options. */
export function tscent(transport: Transport): CreateContender {
  return (server) => {
    const cent = open(server, transport);
    return { ...methods(cent), close: () => cent.close() };
  };
}

/** tscent with an interceptor that only calls the next one. */
export function intercepted(transport: Transport): CreateContender {
  return (server) => {
    const cent = open(server, transport, { interceptors: [doesNothing] });
    const { publish } = methods(cent);
    return { publish, close: () => cent.close() };
  };
}

/** tscent with `batching`: concurrent publishes share requests. */
export function batching(transport: Transport): CreateContender {
  return (server) => {
    const cent = open(server, transport, { batching: true });
    const { publish } = methods(cent);
    return {
      publish,
      publishAll: (publishes) => Promise.all(publishes.map(publish)),
      close: () => cent.close(),
    };
  };
}

/** tscent's `publishMany`. */
export function publishMany(transport: Transport): CreateContender {
  return (server) => {
    const cent = open(server, transport);
    return {
      async publishAll(publishes) {
        for await (const item of cent.publishMany(publishes)) {
          if (!item.ok) throw item.error;
        }
      },
      close: () => cent.close(),
    };
  };
}

/** A client of the server. */
export function open(server: BenchAddresses, transport: Transport, options: object = {}): CentClient {
  const { httpUrl, grpcUrl, apiKey } = server;
  return createClient(
    transport === "HTTP"
      ? { ...options, url: httpUrl, apiKey }
      : { ...options, transport: "grpc", url: grpcUrl, apiKey },
  );
}

type Methods = Required<Pick<Contender, "publish" | "batch" | "broadcast" | "history">>;

function methods(cent: CentClient): Methods {
  return {
    publish: (publish) => cent.publish(publish),
    async batch(publishes) {
      const { replies } = await cent.batch({ commands: publishes.map((publish) => ({ publish })) });
      unwrap(replies);
    },
    async broadcast(channels, data) {
      const { responses } = await cent.broadcast({ channels: [...channels], data });
      unwrap(responses);
    },
    history: async (channel) => (await cent.history({ channel, limit: -1 })).publications.length,
  };
}
