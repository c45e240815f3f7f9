/** The servers that a front stands before, and the ports that it listens at. */
export interface FrontPorts {
  readonly http: number;
  readonly grpc: number;
}

/** What stands before servers and is not one of ours. */
export interface Front extends AsyncDisposable {
  /** Starts new workers, and has the old ones end as their connections do. */
  readonly reload: () => void;
}

export type StartFront = (at: FrontPorts, servers: readonly FrontPorts[]) => Promise<Front>;
