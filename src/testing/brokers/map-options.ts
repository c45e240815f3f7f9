/** The map options of a namespace. Durations are in milliseconds, 0 if not set. */
export interface MapSettings {
  /** "ephemeral", "recoverable" or "persistent"; "" if the namespace is not a map. */
  readonly mode: string;
  readonly keyTtlMs: number;
  readonly streamSize: number;
  readonly streamTtlMs: number;
  readonly metaTtlMs: number;
}

/** Map settings with the defaults of their mode. */
export interface MapOptions extends Omit<MapSettings, "mode"> {
  /** Whether changes have offsets and can be read back; not in ephemeral mode. */
  readonly hasStream: boolean;
}

/**
 * The options a map runs with. Undefined if the stream's life (`meta_ttl`) ends before that of its keys: the server checks
 * that only in a call, and then answers with an internal error.
 */
export function mapOptions(settings: MapSettings): MapOptions | undefined {
  const { mode, keyTtlMs } = settings;
  if (mode === "ephemeral") {
    return { hasStream: false, keyTtlMs, streamSize: 0, streamTtlMs: 0, metaTtlMs: 0 };
  }
  const streamSize = settings.streamSize === 0 ? 100 : settings.streamSize;
  const streamTtlMs = settings.streamTtlMs === 0 ? 60_000 : settings.streamTtlMs;
  const derived = mode === "recoverable" ? Math.max(10 * streamTtlMs, keyTtlMs) : 0;
  const metaTtlMs = settings.metaTtlMs === 0 ? derived : settings.metaTtlMs;
  if (metaTtlMs > 0 && (keyTtlMs === 0 || metaTtlMs < keyTtlMs)) return undefined;
  return { hasStream: true, keyTtlMs, streamSize, streamTtlMs, metaTtlMs };
}
