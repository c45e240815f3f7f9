import { vi } from "vitest";
import { Connection } from "../../src/transport/grpc/connection.ts";
import type { GrpcSessionOptions } from "../../src/transport/grpc/connection-settings.ts";
import { withDefaults } from "../../src/transport/grpc/connection-settings.ts";
import type { FakeSession } from "./fake-http2-session.ts";
import { fakeHttp2 } from "./fake-http2-session.ts";

/** A connection without a network, which waits for the server's settings. */
export function openingConnection(given: GrpcSessionOptions = {}) {
  const sessions = fakeHttp2();
  const onChange = vi.fn();
  const settings = withDefaults(given, {});
  const connection = new Connection("http://centrifugo.test", settings, onChange);
  return { connection, session: sessions[0] as FakeSession, onChange, settings };
}

/** A connection that has just been made. Its mocks have counted nothing yet. */
export function openConnection(given: GrpcSessionOptions = {}) {
  const it = openingConnection(given);
  it.session.settle();
  it.onChange.mockClear();
  it.session.unref.mockClear();
  return it;
}
