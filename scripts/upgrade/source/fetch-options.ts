/** Where to look for what is not on this machine, and how long. */
export interface Endpoints {
  /** Milliseconds for each download. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Where the releases are listed, without a slash at the end. */
  readonly releasesUrl: string;
  /** Where the files of a release are, without a slash at the end; its tag and the path follow. */
  readonly filesUrl: string;
}

export interface FetchOptions extends Endpoints {
  /** Paths are relative to it. */
  readonly project: string;
  /** A temporary folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
}
