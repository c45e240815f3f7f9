import { EventEmitter } from "node:events";
import http2 from "node:http2";
import { vi } from "vitest";

/** A stream of a fake session. The test emits its events. */
export class FakeStream extends EventEmitter {
  readonly id: number | undefined;
  rstCode: number | undefined;
  readonly close = vi.fn();
  readonly end = vi.fn();

  constructor(id?: number) {
    super();
    this.id = id;
  }
}

/** A client's session of `node:http2` without a network. The test emits its events, and answers its PINGs. */
export class FakeSession extends EventEmitter {
  closed = false;
  destroyed = false;
  remoteSettings: { maxConcurrentStreams?: number } = {};
  nextStreamId = 1;
  /** The callbacks that take the answers to PINGs. */
  readonly answers: ((error: Error | null) => void)[] = [];
  readonly ref = vi.fn();
  readonly unref = vi.fn();
  readonly ping = vi.fn((answer: (error: Error | null) => void) => this.answers.push(answer));
  readonly close = vi.fn(() => {
    this.closed = true;
  });
  readonly destroy = vi.fn((_reason?: Error, _code?: number) => {
    this.closed = this.destroyed = true;
  });
  readonly request = vi.fn((_headers: object) => {
    const stream = new FakeStream(this.nextStreamId);
    this.nextStreamId += 2;
    return stream;
  });

  /** The server's settings arrive. */
  settle(maxConcurrentStreams?: number): void {
    if (maxConcurrentStreams !== undefined) this.remoteSettings = { maxConcurrentStreams };
    this.emit("remoteSettings");
  }
}

/** Replaces `http2.connect` until `vi.restoreAllMocks`. Gives the sessions that are made from now on. */
export function fakeHttp2(): FakeSession[] {
  const sessions: FakeSession[] = [];
  vi.spyOn(http2, "connect").mockImplementation(() => {
    const session = new FakeSession();
    sessions.push(session);
    return session as never;
  });
  return sessions;
}
