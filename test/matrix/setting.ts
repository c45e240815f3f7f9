/** Where the server of a run listens. */
export interface ServerAddress {
  readonly httpUrl: string;
  readonly grpcUrl: string;
  readonly apiKey: string;
}

/** The package and the server, for all rows of a run. */
export interface Setting {
  /** The packed package. The name of the file changes with its content. */
  readonly tarball: string;
  /** The folder of the projects. They stay there, so that the next run installs only what has changed. */
  readonly cache: string;
  /** The package's entry points, as programs import them: `tscent`, `tscent/testing` … */
  readonly entries: readonly string[];
  readonly server: ServerAddress;
}
