import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CentClient } from "../../../src/index.ts";
import { createClient } from "../../../src/index.ts";
import { freePort } from "../../chaos/servers/ports.ts";
import type { Program } from "../../chaos/servers/program.ts";
import { startProgram } from "../../chaos/servers/program.ts";

export type Config = Readonly<Record<string, unknown>>;

/** Channels that keep a history, and that anybody may subscribe to. */
const channels = {
  without_namespace: {
    history_size: 10_000,
    history_ttl: "1h",
    force_recovery: true,
    allow_subscribe_for_client: true,
    allow_subscribe_for_anonymous: true,
  },
};

/** A real Centrifugo that can be ended without notice, and started again at the same port. */
export class Centrifugo implements AsyncDisposable {
  readonly #binary: string;
  readonly #config: Config;
  readonly #port: number;
  readonly client: CentClient;
  #program: Program | undefined;

  private constructor(binary: string, config: Config, port: number) {
    this.#binary = binary;
    this.#config = config;
    this.#port = port;
    this.client = createClient({ url: `http://127.0.0.1:${port}/api`, apiKey: "api_key" });
  }

  static async start(binary: string, config: Config): Promise<Centrifugo> {
    const centrifugo = new Centrifugo(binary, config, await freePort());
    await centrifugo.start();
    return centrifugo;
  }

  get webSocketUrl(): string {
    return `ws://127.0.0.1:${this.#port}/connection/websocket`;
  }

  async start(): Promise<void> {
    this.#program = await startProgram(this.#binary, [this.#port], (folder) => {
      const file = join(folder, "config.json");
      const listeners = {
        http_server: { address: "127.0.0.1", port: this.#port },
        http_api: { key: "api_key" },
        client: { insecure: true, recovery_max_publication_limit: 10_000 },
        usage_stats: { disabled: true },
        log: { level: "warn" },
      };
      writeFileSync(file, JSON.stringify({ channel: channels, ...this.#config, ...listeners }));
      return ["--config", file];
    });
  }

  /** Ends Centrifugo without notice, as a crash does. */
  async crash(): Promise<void> {
    this.#program?.signal("SIGKILL");
    await this.stop();
  }

  async stop(): Promise<void> {
    await this.#program?.[Symbol.asyncDispose]();
    this.#program = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close();
    await this.stop();
  }
}
