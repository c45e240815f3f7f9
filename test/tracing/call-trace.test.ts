import { describe, expect, test } from "vitest";
import { CentRequestError, CentTimeoutError } from "../../src/index.ts";
import { CallTrace } from "../../src/tracing/call-trace.ts";

const server = { transport: "grpc", address: "centrifugo.test", port: 10000 } as const;
const traceOf = (kind: "call" | "run") =>
  new CallTrace({ kind, method: "publish" }, server, (given) => given);

describe("the headers of an attempt", () => {
  test("an attempt without headers of subscribers has the given ones as they are", () => {
    const given = { "x-call": "1" };
    expect(traceOf("call").attempt(given)).toBe(given);
    expect(traceOf("call").attempt(undefined)).toBeUndefined();
  });

  test("a later header of subscribers replaces the earlier one and the call's own", () => {
    const trace = traceOf("call");
    trace.setHeader("x-a", "1");
    trace.setHeader("x-b", "1");
    trace.setHeader("x-b", "2");
    expect(trace.attempt({ "x-b": "0", "x-c": "3" })).toEqual({ "x-a": "1", "x-b": "2", "x-c": "3" });
    expect(trace.attempt(undefined)).toEqual({ "x-a": "1", "x-b": "2" });
    expect(trace.attempts).toBe(2);
  });

  test("the check of headers gives the names that are sent", () => {
    const facts = { kind: "call", method: "publish" } as const;
    const trace = new CallTrace(facts, server, () => ({ "x-checked": "1" }));
    trace.setHeader("X-Given", "1");
    expect(trace.attempt(undefined)).toEqual({ "x-checked": "1" });
  });
});

describe("the end of a trace", () => {
  test("a run has no status, whether it succeeds or fails", () => {
    const [good, bad, aborted] = [traceOf("run"), traceOf("run"), traceOf("run")];
    good.succeed();
    bad.fail(new CentTimeoutError("x"));
    aborted.fail(new CentRequestError("x"), true);
    expect([good, bad, aborted].map(({ status }) => status)).toEqual([undefined, undefined, undefined]);
  });

  test("a failed call has the attempts that its error knows of, or those that it counted", () => {
    const [counted, told] = [traceOf("call"), traceOf("call")];
    counted.attempt(undefined);
    counted.fail(new CentTimeoutError("x", { maybeExecuted: true }));
    told.fail(new CentTimeoutError("x", { attempts: 3 }));
    expect(counted).toMatchObject({ attempts: 1, maybeExecuted: true, status: "DEADLINE_EXCEEDED" });
    expect(told).toMatchObject({ attempts: 3, maybeExecuted: false });
  });

  test("a call without shared calls has an empty list of them", () => {
    expect(traceOf("call").calls).toEqual([]);
  });
});
