import { constants } from "node:http2";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { loadBinaryFormat } from "../../../src/limits/binary-format.ts";
import { openConnection } from "../../harness/fake-connection.ts";

beforeAll(loadBinaryFormat);
beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("the PINGs of a connection", () => {
  test("a connection with a stream is pinged after the interval of silence, again and again", () => {
    const { connection, session } = openConnection({ pingIntervalMs: 100 });
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
      const { session } = openConnection({ pingIntervalMs: 100, pingIdleConnection });
      vi.advanceTimersByTime(100);
      expect(session.ping).toHaveBeenCalledTimes(pingIdleConnection ? 1 : 0);
    }
  });

  test("a connection is silent, without room, from the end of the interval to the answer of a PING", () => {
    const { connection, session, onChange } = openConnection({ pingIntervalMs: 100 });
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
    const { connection, session } = openConnection({ pingTimeoutMs: 50 });
    connection.ping();
    vi.advanceTimersByTime(49);
    expect(session.destroy).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    const reason = expect.objectContaining({ message: "the connection is gone: a PING was not answered" });
    expect(session.destroy).toHaveBeenCalledExactlyOnceWith(reason, constants.NGHTTP2_CANCEL);
  });

  test("a PING that is answered destroys nothing, and permits another one", () => {
    const { connection, session } = openConnection({ pingTimeoutMs: 50 });
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
    const idle = openConnection();
    idle.connection.ping();
    expect([idle.session.ref.mock.calls.length, idle.session.unref.mock.calls.length]).toEqual([1, 0]);
    idle.session.answers[0]?.(null);
    expect(idle.session.unref).toHaveBeenCalledOnce();
    const busy = openConnection();
    busy.connection.open({});
    busy.connection.ping();
    busy.session.answers[0]?.(null);
    expect(busy.session.unref).not.toHaveBeenCalled();
  });

  test("a PING that fails with its connection changes nothing more", () => {
    const { connection, session, onChange } = openConnection({ pingIntervalMs: 100 });
    vi.advanceTimersByTime(101);
    connection.ping();
    session.destroyed = true;
    session.answers[0]?.(new Error("canceled"));
    expect([connection.isSilent, onChange.mock.calls.length]).toEqual([true, 0]);
    expect(session.unref).not.toHaveBeenCalled();
  });

  test("a closed connection sends no PING", () => {
    const { connection, session } = openConnection();
    session.destroyed = true;
    connection.ping();
    expect([session.ping.mock.calls.length, session.ref.mock.calls.length]).toEqual([0, 0]);
  });
});

describe("the PINGs after calls that timed out", () => {
  test("a connection gets two of these PINGs, and then none until it hears something", () => {
    const { connection, session } = openConnection();
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
    const { connection, session } = openConnection();
    expect([1, 2, 3, 4].map(() => connection.ask())).toEqual([true, true, true, true]);
    expect(session.ping).toHaveBeenCalledOnce();
    session.answers[0]?.(null);
    expect([connection.ask(), session.ping.mock.calls.length]).toEqual([true, 2]);
  });

  test("a closed connection needs no PING and no replacement", () => {
    const { connection, session } = openConnection();
    session.destroyed = true;
    expect([1, 2, 3].map(() => connection.ask())).toEqual([true, true, true]);
    expect(session.ping).not.toHaveBeenCalled();
  });
});
