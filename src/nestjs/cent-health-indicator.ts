import { Inject } from "@nestjs/common";
import type { CallOptions } from "../options/call-options.ts";
import { getCentToken } from "./inject-cent.ts";

/** Whether Centrifugo answers: `{ centrifugo: { status: "up" } }`. `message` is the CentError's, without keys. */
export type CentHealth<Key extends string> = Record<Key, { status: "up" | "down"; message?: string }>;

type Client = { info(request: Record<string, never>, options: CallOptions): Promise<unknown> };

/** A health indicator for `@nestjs/terminus`. `new CentHealthIndicator(client)` makes one for a client with a name. */
export class CentHealthIndicator {
  readonly #client: Client;
  constructor(client: Client) {
    this.#client = client;
  }

  /** Sends one `info`, which a node answers from its memory, within `timeoutMs` (default 1,000). It never rejects. */
  async isHealthy<Key extends string>(key: Key, { timeoutMs = 1_000 } = {}): Promise<CentHealth<Key>> {
    const up = () => ({ status: "up" });
    const down = ({ message }: Error) => ({ status: "down", message });
    return { [key]: await this.#client.info({}, { timeoutMs }).then(up, down) } as CentHealth<Key>;
  }
}
Inject(getCentToken())(CentHealthIndicator, undefined, 0);
