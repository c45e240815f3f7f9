import type { ClientHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { Connection } from "../../../src/transport/grpc/connection.ts";
import type { GrpcSessionOptions } from "../../../src/transport/grpc/connection-settings.ts";
import { withDefaults } from "../../../src/transport/grpc/connection-settings.ts";
import type { FakeSession } from "../../harness/fake-http2-session.ts";
import { fakeHttp2 } from "../../harness/fake-http2-session.ts";

beforeAll(loadBinaryFormat);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function opening(given: GrpcSessionOptions = {}) {
  const sessions = fakeHttp2();
  const onChange = vi.fn();
  const settings = withDefaults(given, {});
  const connection = new Connection("http://centrifugo.test", settings, onChange);
  return { connection, session: sessions[0] as FakeSession, onChange, settings };
}

/** A connection that has just been made. */
function open(given: GrpcSessionOptions = {}) {
  const it = opening(given);
  it.session.settle();
  it.onChange.mockClear();
  it.session.unref.mockClear();
  return it;
}

const closedStream = (id: number | undefined, rstCode: number) => ({ id, rstCode }) as ClientHttp2Stream;

describe("a connection that opens", () => {
  test("a connection is open when the server's settings arrive, and no longer holds the process", () => {
    const { connection, session, onChange } = opening();
    expect([connection.isOpen, connection.hasRoom, connection.isClosed]).toEqual([false, false, false]);
    session.settle();
    expect([connection.isOpen, connection.hasRoom, connection.failure]).toEqual([true, true, undefined]);
    expect(onChange).toHaveBeenCalledWith(connection);
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([0, 1]);
  });

  test("a connection that fails to open says why, and leaves no timer", () => {
    const { connection, session, onChange } = opening();
    const failure = new Error("refused");
    session.emit("error", failure);
    expect([connection.isOpen, connection.failure]).toEqual([false, failure]);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(connection);
    expect([session.unref.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test("a connection that is destroyed before it is made reports no settings", () => {
    const { session, onChange } = opening();
    session.destroyed = true;
    session.settle();
    expect(onChange).not.toHaveBeenCalled();
  });

  test("a caller may hold the process while the connection opens", () => {
    const { connection, session } = opening();
    connection.hold(true);
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([1, 0]);
    connection.hold(false);
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("the streams of a connection", () => {
  test("a connection has room below the server's limit, and reports a changed limit", () => {
    const { connection, session, onChange } = open();
    session.settle(1);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(connection);
    expect(connection.hasRoom).toBe(true);
    const headers = { ":path": "/a" };
    expect(connection.open(headers)).toBe(session.request.mock.results[0]?.value);
    expect(session.request).toHaveBeenCalledExactlyOnceWith(headers);
    expect([connection.streams, connection.hasRoom, connection.isOpen]).toEqual([1, false, true]);
    session.settle(2);
    expect(connection.hasRoom).toBe(true);
  });

  test("a connection holds the process from its first stream to its last, and reports each end", () => {
    const { connection, session, onChange } = open();
    connection.open({});
    connection.open({});
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([1, 0]);
    connection.streamClosed();
    expect([session.unref.mock.calls.length, onChange.mock.calls]).toEqual([0, [[connection]]]);
    connection.streamClosed();
    expect([session.unref.mock.calls.length, onChange.mock.calls.length]).toEqual([1, 2]);
    expect([connection.streams, session.close.mock.calls.length]).toEqual([0, 0]);
  });

  test("a connection leaves with the last stream id of HTTP/2, and closes after that stream", () => {
    const { connection, session } = open();
    session.nextStreamId = 2 ** 31 - 3;
    connection.open({});
    expect(connection.isOpen).toBe(true);
    connection.open({});
    expect([connection.isOpen, connection.hasRoom]).toEqual([false, false]);
    connection.streamClosed();
    expect(session.close).not.toHaveBeenCalled();
    connection.streamClosed();
    expect(session.close).toHaveBeenCalledOnce();
  });

  test("a connection that retires closes at once without streams, or else after the last", () => {
    const idle = open();
    idle.connection.retire();
    expect([idle.connection.isOpen, idle.session.close.mock.calls.length]).toEqual([false, 1]);
    const busy = open();
    busy.connection.open({});
    busy.connection.retire();
    expect([busy.connection.isOpen, busy.session.close.mock.calls.length]).toEqual([false, 0]);
    busy.connection.streamClosed();
    expect(busy.session.close).toHaveBeenCalledOnce();
  });

  test("a session that is closed or destroyed takes no streams", () => {
    const closed = open();
    closed.session.closed = true;
    expect([closed.connection.isOpen, closed.connection.isClosed]).toEqual([false, false]);
    const destroyed = open();
    destroyed.session.destroyed = true;
    expect([destroyed.connection.isOpen, destroyed.connection.isClosed]).toEqual([false, true]);
  });

  test("a stream is refused without an id, by REFUSED_STREAM, or above the last id of a GOAWAY", () => {
    const refused = constants.NGHTTP2_REFUSED_STREAM;
    const cancel = constants.NGHTTP2_CANCEL;
    const { connection, session } = open();
    const refusals = () =>
      [
        closedStream(undefined, cancel),
        closedStream(5, cancel),
        closedStream(7, cancel),
        closedStream(5, refused),
        closedStream(7, refused),
      ].map((stream) => connection.hasRefused(stream));
    expect(refusals()).toEqual([true, false, false, true, true]);
    session.emit("goaway", 0, 5, new Uint8Array());
    expect(refusals()).toEqual([true, false, true, false, true]);
  });

  test("a connection leaves with a GOAWAY, reports it, and pings half as often after too_many_pings", () => {
    const { connection, session, onChange, settings } = open({ pingIntervalMs: 100 });
    session.emit("goaway", 0, 5, Buffer.from("other"));
    expect([connection.isOpen, settings.pingIntervalMs]).toEqual([false, 100]);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(connection);
    session.emit("goaway", 11, 5, Buffer.from("too_many_pings"));
    expect(settings.pingIntervalMs).toBe(200);
  });
});

describe("the end of a connection", () => {
  test("an abort destroys the session with the reason, once", () => {
    const { connection, session } = open();
    const reason = new Error("enough");
    connection.abort(reason);
    connection.abort(new Error("again"));
    expect(session.destroy).toHaveBeenCalledExactlyOnceWith(reason, constants.NGHTTP2_CANCEL);
  });

  test("a connection that is closed leaves no timer behind, and reports it once", () => {
    const { connection, session, onChange } = open();
    connection.open({});
    expect(vi.getTimerCount()).toBe(2);
    session.emit("close");
    session.emit("close");
    expect([vi.getTimerCount(), onChange.mock.calls]).toEqual([0, [[connection]]]);
  });

  test("a connection retires after its idle time, which begins with its last stream", () => {
    const { connection, session } = open({ idleConnectionTimeoutMs: 100 });
    vi.advanceTimersByTime(90);
    connection.open({});
    vi.advanceTimersByTime(200);
    connection.streamClosed();
    vi.advanceTimersByTime(99);
    expect(session.close).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(session.close).toHaveBeenCalledOnce();
  });
});

describe("the PINGs of a connection", () => {
  test("a connection with a stream is pinged after the interval of silence, again and again", () => {
    const { connection, session } = open({ pingIntervalMs: 100 });
    vi.advanceTimersByTime(60);
    connection.open({});
    connection.heard();
    vi.advanceTimersByTime(99);
    expect(session.ping).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(session.ping).toHaveBeenCalledOnce();
    session.answers[0]?.(null);
    vi.advanceTimersByTime(99);
    expect(session.ping).toHaveBeenCalledOnce();
    vi.advanceTimersByTime(1);
    expect(session.ping).toHaveBeenCalledTimes(2);
  });

  test("a connection without a stream is pinged with pingIdleConnection only", () => {
    for (const pingIdleConnection of [false, true]) {
      const { session } = open({ pingIntervalMs: 100, pingIdleConnection });
      vi.advanceTimersByTime(100);
      expect(session.ping).toHaveBeenCalledTimes(pingIdleConnection ? 1 : 0);
    }
  });

  test("a connection is silent, without room, from the end of the interval to the answer of a PING", () => {
    const { connection, session, onChange } = open({ pingIntervalMs: 100 });
    vi.advanceTimersByTime(100);
    expect([connection.isSilent, connection.hasRoom]).toEqual([false, true]);
    vi.advanceTimersByTime(1);
    expect([connection.isSilent, connection.hasRoom, connection.isOpen]).toEqual([true, false, true]);
    connection.ping();
    expect(onChange).not.toHaveBeenCalled();
    session.answers[0]?.(null);
    expect([connection.isSilent, connection.hasRoom]).toEqual([false, true]);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(connection);
  });

  test("a connection whose PING has no answer within pingTimeoutMs is destroyed", () => {
    const { connection, session } = open({ pingTimeoutMs: 50 });
    connection.ping();
    vi.advanceTimersByTime(49);
    expect(session.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    const reason = expect.objectContaining({ message: "the connection is gone: a PING was not answered" });
    expect(session.destroy).toHaveBeenCalledExactlyOnceWith(reason, constants.NGHTTP2_CANCEL);
  });

  test("a PING that is answered destroys nothing, and permits another one", () => {
    const { connection, session } = open({ pingTimeoutMs: 50 });
    connection.ping();
    connection.ping();
    expect(session.ping).toHaveBeenCalledOnce();
    session.answers[0]?.(null);
    vi.advanceTimersByTime(50);
    expect(session.destroy).not.toHaveBeenCalled();
    connection.ping();
    expect(session.ping).toHaveBeenCalledTimes(2);
  });

  test("a PING holds the process until its answer, unless a stream still holds it", () => {
    const idle = open();
    idle.connection.ping();
    expect([idle.session.ref.mock.calls.length, idle.session.unref.mock.calls.length]).toEqual([1, 0]);
    idle.session.answers[0]?.(null);
    expect(idle.session.unref).toHaveBeenCalledOnce();
    const busy = open();
    busy.connection.open({});
    busy.connection.ping();
    busy.session.answers[0]?.(null);
    expect(busy.session.unref).not.toHaveBeenCalled();
  });

  test("a PING that fails with its connection changes nothing more", () => {
    const { connection, session, onChange } = open({ pingIntervalMs: 100 });
    vi.advanceTimersByTime(101);
    connection.ping();
    session.destroyed = true;
    session.answers[0]?.(new Error("canceled"));
    expect([connection.isSilent, onChange.mock.calls.length]).toEqual([true, 0]);
    expect(session.unref).not.toHaveBeenCalled();
  });

  test("a closed connection sends no PING", () => {
    const { connection, session } = open();
    session.destroyed = true;
    connection.ping();
    expect([session.ping.mock.calls.length, session.ref.mock.calls.length]).toEqual([0, 0]);
  });
});

describe("the PINGs after calls that timed out", () => {
  test("a connection gets two of these PINGs, and then none until it hears something", () => {
    const { connection, session } = open();
    const askAndAnswer = () => {
      const mayAsk = connection.ask();
      session.answers.pop()?.(null);
      return mayAsk;
    };
    expect([askAndAnswer(), askAndAnswer(), askAndAnswer(), askAndAnswer()]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(session.ping).toHaveBeenCalledTimes(2);
    expect(connection.signs).toBe(0);
    connection.heard();
    expect(connection.signs).toBe(1);
    expect([askAndAnswer(), askAndAnswer(), askAndAnswer()]).toEqual([true, true, false]);
    expect(session.ping).toHaveBeenCalledTimes(4);
  });

  test("a PING under way serves all calls that time out, and counts once", () => {
    const { connection, session } = open();
    expect([1, 2, 3, 4].map(() => connection.ask())).toEqual([true, true, true, true]);
    expect(session.ping).toHaveBeenCalledOnce();
    session.answers[0]?.(null);
    expect([connection.ask(), session.ping.mock.calls.length]).toEqual([true, 2]);
  });

  test("a closed connection needs no PING and no replacement", () => {
    const { connection, session } = open();
    session.destroyed = true;
    expect([1, 2, 3].map(() => connection.ask())).toEqual([true, true, true]);
    expect(session.ping).not.toHaveBeenCalled();
  });
});
