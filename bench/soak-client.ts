// One transport's part of the soak, in a process of its own.
import { open, tscent } from "./contenders/tscent.ts";
import type { BenchAddresses } from "./server.ts";

export interface SoakTask {
  readonly title: string;
  readonly server: BenchAddresses;
  readonly transport: "HTTP" | "gRPC";
  /** Whether `publishMany` sends the publishes. */
  readonly many: boolean;
  readonly publishes: number;
}

/** The heap in MB after a number of publishes, and the most resident memory by then. */
export interface SoakSample {
  readonly publishes: number;
  readonly heap: number;
  readonly resident: number;
  readonly seconds: number;
}

const width = 256;
/** The warm-up connects and compiles. The heap is measured after it. */
const warmUp = 200_000;
const parts = 4;

const publication = (n: number) => ({ channel: `soak_${n % 100}`, data: { text: "Hello", n } });

process.once("message", async ({ server, transport, many, publishes }: SoakTask) => {
  const { publish, close } = tscent(transport)(server);
  const cent = open(server, transport);
  const runMany = async (count: number) => {
    async function* publications() {
      for (let n = 0; n < count; n++) yield publication(n);
    }
    for await (const item of cent.publishMany(publications())) if (!item.ok) throw item.error;
  };
  const runAlone = async (count: number) => {
    let left = count;
    const worker = async () => {
      while (left-- > 0) await publish?.(publication(left));
    };
    await Promise.all(Array.from({ length: width }, worker));
  };
  const run = many ? runMany : runAlone;
  await run(Math.min(warmUp, publishes));
  const started = performance.now();
  for (let part = 0; part <= parts; part++) {
    const seconds = (performance.now() - started) / 1000;
    process.send?.({ publishes: Math.round((part * publishes) / parts), ...(await memory()), seconds });
    if (part < parts) await run(Math.round(publishes / parts));
  }
  await close();
  await cent.close();
  process.disconnect();
});

/** Megabytes in use after all calls have ended and a full collection has run. */
async function memory(): Promise<{ heap: number; resident: number }> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await globalThis.gc?.();
  }
  const { heapUsed } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, resident: process.resourceUsage().maxRSS / 2 ** 10 };
}
