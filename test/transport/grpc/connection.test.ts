import type { ClientHttp2Stream } from "node:http2";
import { constants } from "node:http2";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { openConnection, openingConnection } from "../../harness/fake-connection.ts";

beforeAll(loadBinaryFormat);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const closedStream = (id: number | undefined, rstCode: number) => ({ id, rstCode }) as ClientHttp2Stream;

describe("a connection that opens", () => {
  test("a connection is open when the server's settings arrive, and no longer holds the process", () => {
    const { connection, session, onChange } = openingConnection();
    expect([connection.isOpen, connection.hasRoom, connection.isClosed]).toEqual([false, false, false]);
    session.settle();
    expect([connection.isOpen, connection.hasRoom, connection.failure]).toEqual([true, true, undefined]);
    expect(onChange).toHaveBeenCalledWith(connection);
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([0, 1]);
  });

  test("a connection that fails to open says why, and leaves no timer", () => {
    const { connection, session, onChange } = openingConnection();
    const failure = new Error("refused");
    session.emit("error", failure);
    expect([connection.isOpen, connection.failure]).toEqual([false, failure]);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(connection);
    expect([session.unref.mock.calls.length, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test("a connection that is destroyed before it is made reports no settings", () => {
    const { session, onChange } = openingConnection();
    session.destroyed = true;
    session.settle();
    expect(onChange).not.toHaveBeenCalled();
  });

  test("a connection that opens slowly is not silent once it is open", () => {
    const { connection, session } = openingConnection({ pingIntervalMs: 100 });
    vi.advanceTimersByTime(101);
    session.settle();
    expect([connection.isSilent, connection.hasRoom]).toEqual([false, true]);
  });

  test("a caller may hold the process while the connection opens", () => {
    const { connection, session } = openingConnection();
    connection.hold(true);
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([1, 0]);
    connection.hold(false);
    expect([session.ref.mock.calls.length, session.unref.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("the streams of a connection", () => {
  test("a connection has room below the server's limit, and reports a changed limit", () => {
    const { connection, session, onChange } = openConnection();
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
    const { connection, session, onChange } = openConnection();
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
    const { connection, session } = openConnection();
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
    const idle = openConnection();
    idle.connection.retire();
    expect([idle.connection.isOpen, idle.session.close.mock.calls.length]).toEqual([false, 1]);
    const busy = openConnection();
    busy.connection.open({});
    busy.connection.retire();
    expect([busy.connection.isOpen, busy.session.close.mock.calls.length]).toEqual([false, 0]);
    busy.connection.streamClosed();
    expect(busy.session.close).toHaveBeenCalledOnce();
  });

  test("a session that is closed or destroyed takes no streams", () => {
    const closed = openConnection();
    closed.session.closed = true;
    expect([closed.connection.isOpen, closed.connection.isClosed]).toEqual([false, false]);
    const destroyed = openConnection();
    destroyed.session.destroyed = true;
    expect([destroyed.connection.isOpen, destroyed.connection.isClosed]).toEqual([false, true]);
  });

  test("a stream is refused without an id, by REFUSED_STREAM, or above the last id of a GOAWAY", () => {
    const refused = constants.NGHTTP2_REFUSED_STREAM;
    const cancel = constants.NGHTTP2_CANCEL;
    const { connection, session } = openConnection();
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
    const { connection, session, onChange, settings } = openConnection({ pingIntervalMs: 100 });
    session.emit("goaway", 0, 5, Buffer.from("other"));
    expect([connection.isOpen, settings.pingIntervalMs]).toEqual([false, 100]);
    expect(onChange).toHaveBeenCalledExactlyOnceWith(connection);
    session.emit("goaway", 11, 5, Buffer.from("too_many_pings"));
    expect(settings.pingIntervalMs).toBe(200);
  });
});

describe("the end of a connection", () => {
  test("an abort destroys the session with the reason, once", () => {
    const { connection, session } = openConnection();
    const reason = new Error("enough");
    connection.abort(reason);
    connection.abort(new Error("again"));
    expect(session.destroy).toHaveBeenCalledExactlyOnceWith(reason, constants.NGHTTP2_CANCEL);
  });

  test("a connection that is closed leaves no timer behind, and reports it once", () => {
    const { connection, session, onChange } = openConnection();
    connection.open({});
    expect(vi.getTimerCount()).toBe(2);
    session.emit("close");
    session.emit("close");
    expect([vi.getTimerCount(), onChange.mock.calls]).toEqual([0, [[connection]]]);
  });

  test("a connection retires after its idle time, which begins with its last stream", () => {
    const { connection, session } = openConnection({ idleConnectionTimeoutMs: 100 });
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
