import type { Environment } from "../environment.ts";

/** One way in which servers and connections end during calls. */
export interface Scenario {
  readonly name: string;
  /** The names of the programs that the scenario needs. */
  readonly needs: readonly Need[];
  readonly start: () => Promise<Environment>;
}

export type Need = "nginx" | "haproxy" | "redis-server" | "centrifugo";
