import { EventEmitter } from "node:events";
import http2 from "node:http2";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type * as OpenHttp2 from "../../../src/transport/grpc/open-http2.ts";

/** The module of a process that has not loaded protobuf's binary format yet. */
let fresh: typeof OpenHttp2;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  vi.resetModules();
  fresh = await import("../../../src/transport/grpc/open-http2.ts");
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
afterAll(() => void vi.resetModules());

/** A session of `node:http2` whose events come from the test. */
class FakeSession extends EventEmitter {
  destroyed = false;
  readonly setLocalWindowSize? = vi.fn();
  readonly destroy = vi.fn();
}

function open(session = new FakeSession()) {
  const connect = vi.spyOn(http2, "connect").mockReturnValue(session as never);
  const onEnd = vi.fn();
  fresh.openHttp2("http://centrifugo.test", { connectTimeoutMs: 500 }, onEnd);
  return { session, connect, onEnd };
}

test("a session is ready with the server's settings, and once the binary format is loaded", async () => {
  const { session, onEnd } = open();
  session.emit("remoteSettings");
  expect(onEnd).not.toHaveBeenCalled();
  await vi.waitFor(() => expect(onEnd).toHaveBeenCalledExactlyOnceWith(undefined));
  expect(vi.getTimerCount()).toBe(0);
  const second = open();
  second.session.emit("remoteSettings");
  expect(second.onEnd).toHaveBeenCalledOnce();
  second.session.emit("close");
  expect(second.onEnd).toHaveBeenCalledOnce();
});

test("a session that closes before the settings has failed", () => {
  const { session, onEnd } = open();
  session.emit("close");
  const message = "the connection was closed before it was made";
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ rawMessage: message }));
});

test("a session without settings is destroyed after connectTimeoutMs", () => {
  const { session } = open();
  vi.advanceTimersByTime(499);
  expect(session.destroy).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  const failure = expect.objectContaining({ rawMessage: "no connection within 500 ms" });
  expect(session.destroy).toHaveBeenCalledExactlyOnceWith(failure, http2.constants.NGHTTP2_CANCEL);
});

test("a session gets a larger window, unless it is destroyed or the runtime has no such method", () => {
  const socket = new EventEmitter();
  const { session } = open();
  session.emit("connect", session, socket);
  expect(session.setLocalWindowSize).toHaveBeenCalledExactlyOnceWith(16 * 1024 * 1024);
  const destroyed = new FakeSession();
  destroyed.destroyed = true;
  open(destroyed).session.emit("connect", destroyed, socket);
  expect(destroyed.setLocalWindowSize).not.toHaveBeenCalled();
  const other = new FakeSession();
  Reflect.deleteProperty(other, "setLocalWindowSize");
  expect(() => open(other).session.emit("connect", other, socket)).not.toThrow();
});

test("settings of a destroyed session do not count", () => {
  const { session, onEnd } = open();
  session.destroyed = true;
  session.emit("remoteSettings");
  session.emit("close");
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.any(Error));
});

test("an error of the socket, such as a refused certificate, ends the opening and the socket", () => {
  const { session, onEnd } = open();
  const socket = Object.assign(new EventEmitter(), { destroy: vi.fn(() => true) });
  session.emit("connect", session, socket);
  const error = new Error("certificate required");
  socket.emit("error", error);
  expect(onEnd).toHaveBeenCalledExactlyOnceWith(error);
  expect(socket.destroy).toHaveBeenCalledOnce();
});
