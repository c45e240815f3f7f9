// The server of a benchmark in a process of its own: a real Centrifugo if one is found, else the embedded server.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createClient } from "tscent";
import { findCentrifugo } from "../scripts/real-centrifugo.ts";

export interface BenchAddresses {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly apiKey: string;
}

export interface BenchServer extends BenchAddresses, AsyncDisposable {
  /** The name and version of the server. */
  readonly title: string;
}

/** Publishes go to channels without history, so that the server does as little as possible. */
export const benchConfig = {
  channel: { namespaces: [{ name: "history", history_size: 10_000, history_ttl: "1h" }] },
};

export async function startBenchServer({ embedded = false } = {}): Promise<BenchServer> {
  const real = embedded ? undefined : await findCentrifugo(benchConfig);
  if (real !== undefined) return { ...real, title: await titleOf(real) };
  const child = fork(new URL("embedded-server.ts", import.meta.url), { execArgv: childFlags() });
  const [addresses] = (await once(child, "message")) as [BenchAddresses];
  return {
    ...addresses,
    title:
      "the embedded server (no real Centrifugo was asked for or found), whose own speed is in the figures",
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

/** Child processes resolve their imports with the conditions of this process. */
export function childFlags(): string[] {
  return process.execArgv.filter((flag) => flag.startsWith("--conditions"));
}

async function titleOf({ httpUrl, apiKey }: BenchAddresses): Promise<string> {
  await using cent = createClient({ url: httpUrl, apiKey });
  const { nodes } = await cent.info();
  const version = nodes[0]?.version ?? "0.0.0";
  return version.startsWith("0.0.0") ? "a Centrifugo built from source" : `Centrifugo ${version}`;
}

/** The channel that holds `count` publications. */
export const historyChannel = (count: number): string => `history:${count}`;

/** Fills the channel that the history workload reads. A server started elsewhere may lack its namespace. */
export async function fillHistory({ httpUrl, apiKey }: BenchAddresses, count: number): Promise<void> {
  await using cent = createClient({ url: httpUrl, apiKey });
  const channel = historyChannel(count);
  await cent.historyRemove({ channel });
  const data = (index: number) => ({ id: index, text: "Hello, world!", user: "42", tags: ["a", "b"] });
  const commands = Array.from({ length: count }, (_, index) => ({ publish: { channel, data: data(index) } }));
  await cent.batch({ commands });
}
