import fc from "fast-check";
import type { Fault, TestServer } from "../../src/testing/index.ts";
import type { Protocol } from "./scripted-server.ts";

/** Faults of batches that make no difference to their calls. */
export const mishaps: fc.Arbitrary<Record<Protocol, Fault>[]> = fc.array(
  fc.constantFrom(
    { http: { delayMs: 3 }, grpc: { delayMs: 3 } },
    { http: { delayMs: 12 }, grpc: { delayMs: 12 } },
    { http: { status: 400 }, grpc: { grpcStatus: 3 } },
    { http: { status: 413, delayMs: 3 }, grpc: { grpcStatus: 12, delayMs: 3 } },
  ),
  { maxLength: 4 },
);

/** The data that a subscriber receives, by channel, in order. */
export function listen(server: TestServer, run: string): () => unknown {
  const channels = ["", "plain:", "short:", "json:", "binary:"].map((namespace) => namespace + run);
  const reader = server.connect({ user: "reader", client: "reader", channels });
  return () => {
    const publications = reader.received.filter((push) => push.type === "publication");
    reader.disconnect();
    return Object.fromEntries(
      channels.map((channel) => [
        channel,
        publications.filter((push) => push.channel === channel).map(({ data, offset }) => ({ data, offset })),
      ]),
    );
  };
}

/** A request with the run's name in its strings. */
export function named(value: unknown, run: string): unknown {
  if (typeof value === "string") {
    // A server joins a channel and a key to one name, so two channels may share a name.
    const apart = value === "short:" ? "short:{run}-" : value.replaceAll("k_k", "kk");
    return apart.replaceAll("{run}", run).replaceAll("{epoch}", "other");
  }
  if (value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item) => named(item, run));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, named(inner, run)]));
}
