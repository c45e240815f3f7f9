// The server of a benchmark, in a process of its own: a real Centrifugo where one is found, else the embedded one.
import { fork } from "node:child_process";
import { once } from "node:events";
import { findCentrifugo } from "../scripts/real-centrifugo.ts";

export interface BenchServer extends AsyncDisposable {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly apiKey: string;
  /** What the figures were measured against. */
  readonly title: string;
}

/** Publishing is measured without history, so that the server does as little as it can. */
export async function startBenchServer(): Promise<BenchServer> {
  const real = await findCentrifugo({});
  if (real !== undefined) return { ...real, title: `a real Centrifugo, ${real.origin}` };
  const child = fork(new URL("embedded-server.ts", import.meta.url));
  const [addresses] = (await once(child, "message")) as [
    { httpUrl: string; grpcUrl: string; apiKey: string },
  ];
  return {
    ...addresses,
    title: "the embedded server (no real Centrifugo was found), whose own speed is in the figures",
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}
