import { beforeEach } from "vitest";

const resets = "it resets the streams of calls that end early with INTERNAL_ERROR, not with CANCEL";
const wraps = "it makes a ConnectError of what an interceptor throws, and ABORTED of a stream that was reset";

/** The tests of these suites that connect-node's transport does not pass, by name, and why. */
const differences: Readonly<Record<string, string>> = {
  "an aborted call rejects with the reason after nothing came, and the connection stays in order": resets,
  "an aborted call rejects with the reason after headers came, and the connection stays in order": resets,
  "an aborted call rejects with the reason after half a body came, and the connection stays in order": resets,
  "the server sees the end of a call that timed out, and the next call works": resets,
  "an interceptor can call again": wraps,
  "the error of a failing interceptor has the thrown error as its cause": wraps,
  "errors pass through interceptors unchanged": wraps,
  "an interceptor that fails after the reply does not hide that the call was executed":
    "the client cannot tell an interceptor's lost connection from that of the transport",
  "@grpc/grpc-js gets the deadline of a call": "it writes fractions of milliseconds into grpc-timeout",
  "each of several calls with one deadline gets its own timeout error":
    "it has words of its own for a timeout",
};

beforeEach(({ skip, task }) => {
  const reason = differences[task.name];
  if (reason !== undefined) skip(reason);
});
