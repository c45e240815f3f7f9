import type { ConnectionSettings } from "./connection-settings.ts";

/** The longest time that setTimeout takes; it would fire at once for a longer one. */
const maxTimerMs = 0x7fffffff;

export interface AliveActions {
  isBusy(): boolean;
  ping(): Promise<boolean>;
  /** The connection had no streams for as long as it may. */
  idle(): void;
}

/**
 * When a connection is pinged, and when it is closed for being idle. A timer that fires early looks at the time and
 * waits for the rest: setting one anew for each call would cost more than the ping.
 */
export class AliveTimers {
  private readonly settings: ConnectionSettings;
  private readonly actions: AliveActions;
  private heardAt = performance.now();
  private idleSince = performance.now();
  private pingTimer: NodeJS.Timeout | undefined;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(settings: ConnectionSettings, actions: AliveActions) {
    this.settings = settings;
    this.actions = actions;
  }

  /** Milliseconds since the server was heard of. */
  get silenceMs(): number {
    return performance.now() - this.heardAt;
  }

  start(): void {
    this.heard();
    this.becameIdle();
    if (this.settings.pingIdleConnection) this.becameBusy();
  }

  stop(): void {
    clearTimeout(this.pingTimer);
    clearTimeout(this.idleTimer);
  }

  heard(): void {
    this.heardAt = performance.now();
  }

  becameBusy(): void {
    this.pingTimer ??= timer(() => this.pingWhenSilent(), this.settings.pingIntervalMs);
  }

  becameIdle(): void {
    this.idleSince = performance.now();
    this.idleTimer ??= timer(() => this.endWhenIdle(), this.settings.idleConnectionTimeoutMs);
  }

  private async pingWhenSilent(): Promise<void> {
    this.pingTimer = undefined;
    if (!this.actions.isBusy() && !this.settings.pingIdleConnection) return;
    const left = this.settings.pingIntervalMs - this.silenceMs;
    // Without an answer the connection is gone.
    if (left <= 0 && !(await this.actions.ping())) return;
    this.pingTimer ??= timer(
      () => this.pingWhenSilent(),
      left > 0 ? Math.ceil(left) : this.settings.pingIntervalMs,
    );
  }

  private endWhenIdle(): void {
    this.idleTimer = undefined;
    if (this.actions.isBusy()) return;
    const left = this.settings.idleConnectionTimeoutMs - (performance.now() - this.idleSince);
    if (left <= 0) this.actions.idle();
    else this.idleTimer = timer(() => this.endWhenIdle(), Math.ceil(left));
  }
}

/** A timer that does not keep the process alive; none for a time that is too long for one. */
function timer(action: () => void, ms: number): NodeJS.Timeout | undefined {
  return ms > maxTimerMs ? undefined : setTimeout(action, ms).unref();
}
