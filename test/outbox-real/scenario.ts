/** The programs that scenarios need. */
export interface Binaries {
  readonly centrifugo: string;
  readonly postgres: string;
  readonly redis: string;
  readonly nats: string;
}

export type Need = keyof Binaries;

/** One promise of tscent/outbox, tried with real servers. */
export interface Scenario {
  readonly name: string;
  readonly needs: readonly Need[];
  /** Fails by an error. Returns figures for the line of the report. */
  readonly run: (binaries: Binaries) => Promise<string>;
}
