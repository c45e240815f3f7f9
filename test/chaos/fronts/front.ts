/** The ports of a front, or of a server behind it. */
export interface FrontPorts {
  readonly http: number;
  readonly grpc: number;
}

/** A proxy before the servers, such as nginx. */
export interface Front extends AsyncDisposable {
  /** Starts new workers. The old workers end with their connections. */
  readonly reload: () => void;
}

export type StartFront = (at: FrontPorts, servers: readonly FrontPorts[]) => Promise<Front>;
