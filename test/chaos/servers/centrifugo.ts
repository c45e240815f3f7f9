import type { CentrifugoLocation, RealCentrifugo } from "../../../scripts/real-centrifugo.ts";
import { locateCentrifugo, startCentrifugo } from "../../../scripts/real-centrifugo.ts";
import { history } from "./embedded.ts";
import { freePort } from "./ports.ts";

/** The binary of a real Centrifugo; undefined if there is none to start. */
export function centrifugoBinary(): string | undefined {
  const location: CentrifugoLocation | undefined = locateCentrifugo();
  return location !== undefined && "binary" in location ? location.binary : undefined;
}

/** A node of Centrifugo with histories in Redis. `restart` ends the node by SIGTERM, and keeps its ports. */
export class CentrifugoNode implements AsyncDisposable {
  readonly #binary: string;
  readonly #redisPort: number;
  readonly httpPort: number;
  readonly grpcPort: number;
  #running: RealCentrifugo | undefined;

  private constructor(binary: string, redisPort: number, ports: readonly [number, number]) {
    this.#binary = binary;
    this.#redisPort = redisPort;
    [this.httpPort, this.grpcPort] = ports;
  }

  static async start(binary: string, redisPort: number): Promise<CentrifugoNode> {
    const node = new CentrifugoNode(binary, redisPort, [await freePort(), await freePort()]);
    await node.#start();
    return node;
  }

  async restart(): Promise<void> {
    await this[Symbol.asyncDispose]();
    await this.#start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    this.#running = undefined;
  }

  async #start(): Promise<void> {
    const { httpPort, grpcPort } = this;
    const config = {
      engine: { type: "redis", redis: { address: `127.0.0.1:${this.#redisPort}` } },
      channel: { without_namespace: history },
    };
    this.#running = await startCentrifugo(this.#binary, config, { httpPort, grpcPort });
  }
}
