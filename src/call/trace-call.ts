import type { Message } from "@bufbuild/protobuf";
import { channelOf, fieldsOf } from "../codec/message-fields.ts";
import type { CallOptions } from "../options/call-options.ts";
import { checkHeaders } from "../options/headers.ts";
import type { Method, MethodTable } from "../schema/method-table.ts";
import type { CallFacts } from "../tracing/call-trace.ts";
import { CallTrace } from "../tracing/call-trace.ts";
import type { TracedCall, TracedServer } from "../tracing/traced.ts";
import type { CallsUnderWay } from "./calls-under-way.ts";
import type { Reply } from "./reply.ts";
import { callError } from "./send-failure.ts";

/** The most calls that a shared request lists. */
const mostCalls = 128;

/** The facts that all contexts of a client share. */
export interface TracingContext {
  readonly table: MethodTable;
  readonly server: TracedServer;
}

/** Begins a call. @param given the call's options, which are not checked yet */
export type Begin = (
  method: Method,
  request: unknown,
  given: CallOptions | undefined,
  trace: CallTrace | undefined,
) => Promise<object>;

/** Publishes a call from its first check to its result. */
export function traceCall(
  { table, server, underWay }: TracingContext & { readonly underWay: CallsUnderWay },
  begin: Begin,
  method: Method,
  request: unknown,
  given: CallOptions | undefined,
): Promise<object> {
  const { name } = method;
  const facts = { kind: "call", method: name, rpc: rpcOf(table, method), ...factsIn(request) } as const;
  const trace = new CallTrace(facts, server, checkHeaders);
  let call: Promise<object> | undefined;
  const traced = trace.trace(() => {
    call = begin(method, request, given, trace);
    return call.then((result) => {
      trace.succeed();
      return result;
    });
  });
  // No unhandled rejection after the close, as without a trace.
  call?.catch(() => {
    if (underWay.hasEnded) traced.catch(() => {});
  });
  return traced;
}

/**
 * Publishes a request as a context of its own.
 *
 * @param owner the run to which the request belongs, or the calls that share it
 * @param send sends the request. Rejects with a SendFailure
 */
export function traceRequest(
  { table, server }: TracingContext,
  method: Method,
  message: Message,
  { parent, calls = [] }: { readonly parent?: TracedCall; readonly calls?: readonly CallTrace[] },
  send: (trace: CallTrace) => Promise<Reply>,
): Promise<Reply> {
  const { commands, channels } = fieldsOf(message);
  const facts: CallFacts = {
    kind: "request",
    method: method.name,
    rpc: rpcOf(table, method),
    channel: channelOf(message),
    channelCount: lengthOf(channels),
    batchSize: lengthOf(commands) ?? lengthOf(channels) ?? 1,
    parent,
    calls: calls.slice(0, mostCalls),
  };
  const trace = new CallTrace(facts, server, checkHeaders);
  let failure: { readonly thrown: unknown } | undefined;
  for (const call of calls) call.request = trace;
  const settle = () => {
    for (const call of calls) call.attempts = trace.attempts;
  };
  const sent = trace.trace(() =>
    send(trace).then(
      (reply) => {
        trace.succeed();
        settle();
        return reply;
      },
      (thrown: unknown) => {
        failure = { thrown };
        const error = callError(thrown, method.name);
        trace.fail(error);
        settle();
        throw error;
      },
    ),
  );
  // Each call makes its own error from the failure.
  return sent.catch((error: unknown) => {
    throw failure === undefined ? error : failure.thrown;
  });
}

function rpcOf({ service }: MethodTable, { rpc }: Method): string {
  return `${service.typeName}/${rpc.name}`;
}

/** The facts in a caller's request, which is not checked yet. */
function factsIn(request: unknown): Partial<CallFacts> {
  try {
    const { channel, channels, commands } = Object(request) as Readonly<Record<string, unknown>>;
    const named = typeof channel === "string" && channel !== "" ? channel : undefined;
    return { channel: named, channelCount: lengthOf(channels), batchSize: lengthOf(commands) };
  } catch {
    // A getter has thrown. It throws again when the request is encoded, and the call rejects with that error.
    return {};
  }
}

function lengthOf(list: unknown): number | undefined {
  return Array.isArray(list) ? list.length : undefined;
}
