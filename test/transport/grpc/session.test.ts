import { Code, ConnectError } from "@connectrpc/connect";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { isUnprocessed, LimitedWork } from "../../../src/limits/run-within.ts";
import type { Connection } from "../../../src/transport/grpc/connection.ts";
import type { GrpcSessionOptions } from "../../../src/transport/grpc/connection-settings.ts";
import { withDefaults } from "../../../src/transport/grpc/connection-settings.ts";
import { GrpcSession } from "../../../src/transport/grpc/session.ts";
import type { LoadLimits } from "../../../src/transport/waiting-calls.ts";
import { fakeHttp2 } from "../../harness/fake-http2-session.ts";

beforeAll(loadBinaryFormat);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function setUp(limits?: LoadLimits, given: GrpcSessionOptions = {}) {
  const sessions = fakeHttp2();
  const session = new GrpcSession("http://centrifugo.test/path", withDefaults(given, {}), limits);
  /** Starts a call, which opens a stream when it gets a connection. */
  const start = () => {
    const started: Connection[] = [];
    const failures: ConnectError[] = [];
    const call = new LimitedWork<never>(
      0,
      undefined,
      () => {},
      (reason) => failures.push(reason as ConnectError),
    );
    session.start({
      call,
      start(connection) {
        started.push(connection);
        connection.open({});
      },
    });
    const end = (code: Code) => call.end(new ConnectError("enough", code));
    return { started, failures, end };
  };
  /** How often the sessions were destroyed. */
  const destroyed = () => sessions.map((one) => one.destroy.mock.calls.length);
  return { session, sessions, start, destroyed };
}

/** A session whose connection is open, with a stream. */
function setUpOpen(limits?: LoadLimits, given: GrpcSessionOptions = {}) {
  const it = setUp(limits, given);
  const call = it.start();
  it.sessions[0]?.settle();
  return { ...it, connection: call.started[0] as Connection };
}

describe("the connection of a session", () => {
  test("calls wait for one connection, and start on it in turn", () => {
    const { session, sessions, start } = setUp();
    const calls = [start(), start()];
    expect([session.origin, sessions.length]).toEqual(["http://centrifugo.test", 1]);
    expect(calls.map(({ started }) => started.length)).toEqual([0, 0]);
    sessions[0]?.settle();
    const later = start();
    const connections = [...calls, later].flatMap(({ started }) => started);
    expect([connections.length, new Set(connections).size, sessions.length]).toEqual([3, 1, 1]);
  });

  test("a call that waits only because of the load makes no other connection, and sends no PING", () => {
    const { sessions, start } = setUpOpen({ maxInFlight: 1 });
    expect(start().started).toEqual([]);
    expect([sessions.length, sessions[0]?.ping.mock.calls.length]).toEqual([1, 0]);
  });

  test("a silent connection is pinged before a call, which starts with the answer", () => {
    const { sessions, start, connection } = setUpOpen({}, { pingIntervalMs: 100 });
    connection.streamClosed();
    vi.advanceTimersByTime(101);
    const { started } = start();
    expect([started, sessions[0]?.ping.mock.calls.length]).toEqual([[], 1]);
    sessions[0]?.answers[0]?.(null);
    expect([started, sessions.length]).toEqual([[connection], 1]);
  });

  test("calls go to another connection when theirs is closed", () => {
    const { sessions, start, connection } = setUpOpen();
    sessions[0]?.destroy();
    sessions[0]?.emit("close");
    const { started } = start();
    sessions[1]?.settle();
    expect([sessions.length, started.length, started[0] === connection]).toEqual([2, 1, false]);
  });
});

describe("the limits of a session", () => {
  test("maxInFlight counts the streams of all connections", () => {
    const { sessions, start, session, connection } = setUpOpen({ maxInFlight: 2 });
    session.replace(connection);
    const [first, second] = [start(), start()];
    sessions[1]?.settle();
    expect([first.started.length, second.started.length]).toEqual([1, 0]);
    connection.streamClosed();
    expect(second.started).toEqual(first.started);
  });

  test("the streams of a closed connection count no more", () => {
    const { sessions, start } = setUpOpen({ maxInFlight: 1 });
    sessions[0]?.destroy();
    sessions[0]?.emit("close");
    const { started } = start();
    sessions[1]?.settle();
    expect(started).toHaveLength(1);
  });

  test("1,000 calls are in flight by default", () => {
    const { sessions, start } = setUp();
    const calls = Array.from({ length: 1_001 }, start);
    sessions[0]?.settle();
    expect(calls.filter(({ started }) => started.length === 1)).toHaveLength(1_000);
  });

  test("maxQueued does not count the calls that a new connection takes at once", () => {
    const { start } = setUp({ maxInFlight: 2, maxQueued: 1 });
    const failures = [start(), start(), start(), start()].map((call) => call.failures.length);
    expect(failures).toEqual([0, 0, 0, 1]);
  });

  test("maxQueued does not count the calls that take the places of ending streams", () => {
    const { start, connection } = setUpOpen({ maxInFlight: 1, maxQueued: 1 });
    connection.closing = 1;
    const failures = [start(), start(), start()].map((call) => call.failures.length);
    expect(failures).toEqual([0, 0, 1]);
  });

  test("maxQueued counts all calls that wait for a connection with room, and not all for a silent one", () => {
    const { start, connection } = setUpOpen({ maxInFlight: 2, maxQueued: 0 }, { pingIntervalMs: 100 });
    start();
    expect(start().failures).toHaveLength(1);
    connection.streamClosed();
    connection.streamClosed();
    vi.advanceTimersByTime(101);
    expect([start(), start(), start()].map((call) => call.failures.length)).toEqual([0, 0, 1]);
  });
});

describe("connections that open", () => {
  test("a call makes a second connection only after another call timed out", () => {
    const { sessions, start } = setUp();
    start().end(Code.Canceled);
    start();
    expect(sessions).toHaveLength(1);
    start().end(Code.DeadlineExceeded);
    start();
    start();
    expect(sessions).toHaveLength(2);
  });

  test("a connection that opens holds the process while calls wait for it", () => {
    const { sessions, start } = setUp();
    const [first, second] = [start(), start()];
    first.end(Code.Canceled);
    expect(sessions[0]?.unref).not.toHaveBeenCalled();
    second.end(Code.Canceled);
    expect(sessions[0]?.unref).toHaveBeenCalledOnce();
    sessions[0]?.ref.mockClear();
    start();
    expect([sessions[0]?.unref.mock.calls.length, sessions[0]?.ref.mock.calls.length]).toEqual([1, 1]);
  });

  test("the first of two to open takes the calls, and ends the other", () => {
    const { sessions, start, destroyed } = setUp();
    start().end(Code.DeadlineExceeded);
    const { started } = start();
    sessions[1]?.settle();
    expect([started.length, destroyed()]).toEqual([1, [1, 0]]);
    expect(sessions[0]?.destroy.mock.calls[0]?.[0]?.message).toBe("another connection was there first");
    sessions[0]?.emit("close");
    expect([start().started, sessions.length]).toEqual([started, 2]);
  });

  test("a third connection ends the older of two", () => {
    const { sessions, start, destroyed } = setUp();
    for (let attempt = 0; attempt < 2; attempt++) start().end(Code.DeadlineExceeded);
    const { started } = start();
    expect(destroyed()).toEqual([1, 0, 0]);
    sessions[1]?.settle();
    expect([started.length, destroyed()]).toEqual([1, [1, 0, 1]]);
  });

  test("the last connection that fails rejects the calls, each with an error of its own", () => {
    const { sessions, start } = setUp();
    start().end(Code.DeadlineExceeded);
    const calls = [start(), start()];
    sessions[0]?.emit("error", new Error("refused"));
    expect(calls.flatMap(({ failures }) => failures)).toEqual([]);
    sessions[1]?.emit("error", new Error("refused"));
    const errors = calls.flatMap(({ failures }) => failures);
    expect(errors).toMatchObject([
      { rawMessage: "refused (http://centrifugo.test)" },
      { rawMessage: "refused (http://centrifugo.test)" },
    ]);
    expect([new Set(errors).size, errors.map(isUnprocessed)]).toEqual([2, [true, true]]);
    expect(sessions).toHaveLength(2);
  });

  test("a failed connection that closes late rejects no call of the next one", () => {
    const { sessions, start } = setUp();
    start();
    sessions[0]?.emit("error", new Error("refused"));
    const [first, second] = [start(), start()];
    sessions[1]?.settle(1);
    sessions[0]?.emit("close");
    expect([first.started.length, second.started.length, second.failures]).toEqual([1, 0, []]);
  });
});

describe("a session that replaces its connection", () => {
  test("a call that times out has its connection pinged, unless the connection showed a sign", () => {
    const { session, sessions, connection } = setUpOpen();
    session.onTimeout(connection, 1);
    expect(sessions[0]?.ping).not.toHaveBeenCalled();
    session.onTimeout(connection, 0);
    expect(sessions[0]?.ping).toHaveBeenCalledOnce();
  });

  test("the third timeout without a sign replaces the connection", () => {
    const { session, sessions, connection } = setUpOpen();
    for (let call = 0; call < 3; call++) {
      expect(connection.isOpen).toBe(true);
      session.onTimeout(connection, 0);
      sessions[0]?.answers.pop()?.(null);
    }
    expect([connection.isOpen, sessions[0]?.ping.mock.calls.length]).toEqual([false, 2]);
  });

  /** Replaces connection after connection. Gives how many were replaced. */
  const replaceAll = ({ session, sessions, start }: ReturnType<typeof setUp>, most?: number) => {
    for (let count = 0; count < 10; count++) {
      const { started } = start();
      sessions.at(-1)?.settle();
      const connection = started[0] as Connection;
      session.replace(connection, most);
      if (connection.isOpen) return count;
    }
    return 10;
  };

  test("a session replaces one connection per pingTimeoutMs, or more for requests that are sent again", () => {
    const it = setUp({}, { pingTimeoutMs: 1_000 });
    expect(replaceAll(it)).toBe(1);
    vi.advanceTimersByTime(999);
    expect(replaceAll(it)).toBe(0);
    expect(replaceAll(it, 3)).toBe(2);
    vi.advanceTimersByTime(1);
    expect(replaceAll(it, 3)).toBe(3);
  });

  test("a session does not replace a connection that it no longer uses, or that is closed", () => {
    const { session, sessions, start, connection } = setUpOpen();
    session.replace(connection);
    const next = start();
    sessions[1]?.settle();
    session.replace(connection, 2);
    expect(sessions[0]?.close).not.toHaveBeenCalled();
    next.started[0]?.abort(new Error("gone"));
    session.replace(next.started[0] as Connection, 2);
    // The place that this call did not use is still free.
    start();
    sessions[2]?.settle();
    const third = start().started[0] as Connection;
    session.replace(third, 2);
    expect(third.isOpen).toBe(false);
  });
});

describe("a session that is closed", () => {
  test("a closed session destroys its connections, and rejects calls without a connection", () => {
    const { session, sessions, start, destroyed } = setUpOpen();
    session.close();
    expect(destroyed()).toEqual([1]);
    expect(sessions[0]?.destroy.mock.calls[0]?.[0]).toMatchObject({ rawMessage: "the client was closed" });
    const { started, failures } = start();
    expect([started, failures]).toMatchObject([[], [{ rawMessage: "the client was closed" }]]);
    expect(failures.map(isUnprocessed)).toEqual([true]);
    expect(sessions).toHaveLength(1);
  });

  test("a closed session makes no connection for calls that still wait", () => {
    const { session, sessions, start } = setUpOpen({ maxInFlight: 1 });
    const { failures } = start();
    session.close();
    sessions[0]?.emit("close");
    // The transport rejects its calls itself.
    expect([sessions.length, failures]).toEqual([1, []]);
  });
});
