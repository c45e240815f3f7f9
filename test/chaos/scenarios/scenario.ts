import type { Environment } from "../environment.ts";

/** One way in which servers and connections end while calls are under way. */
export interface Scenario {
  readonly name: string;
  /** What is to be installed, by name. */
  readonly needs: readonly Need[];
  readonly start: () => Promise<Environment>;
}

export type Need = "nginx" | "haproxy" | "redis-server" | "centrifugo";
