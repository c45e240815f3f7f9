import type { CentError } from "../errors/cent-error.ts";
import { callChannel } from "./channels.ts";
import { abortStatus, failureStatus, successStatus } from "./status.ts";
import type { TracedCall, TracedServer } from "./traced.ts";
import { TracedContext } from "./traced-context.ts";

/** The facts about a call that are known at its start. */
export type CallFacts = Pick<TracedCall, "kind" | "method"> &
  Partial<Pick<TracedCall, "rpc" | "channel" | "channelCount" | "batchSize" | "parent" | "calls">>;

type Headers = Readonly<Record<string, string>>;

/** Gives headers as they are sent. @throws TypeError naming a header that cannot be sent */
export type CheckHeaders = (headers: Headers) => Headers;

/** The headers with a key, which only the client's options set. */
const authorizing = new Set(["authorization", "x-api-key"]);

/** The context of a call. */
export class CallTrace extends TracedContext implements TracedCall {
  readonly kind: TracedCall["kind"];
  readonly method: string;
  readonly rpc: string | undefined;
  readonly channel: string | undefined;
  readonly channelCount: number | undefined;
  readonly batchSize: number | undefined;
  readonly transport: TracedServer["transport"];
  readonly address: string | undefined;
  readonly port: number | undefined;
  readonly parent: TracedCall | undefined;
  readonly calls: readonly TracedCall[];
  request: TracedCall | undefined;
  attempts = 0;
  status: string | undefined;
  maybeExecuted: boolean | undefined;
  readonly #checkHeaders: CheckHeaders;
  #headers: Headers | undefined;

  constructor(facts: CallFacts, server: TracedServer, checkHeaders: CheckHeaders) {
    super();
    this.kind = facts.kind;
    this.method = facts.method;
    this.rpc = facts.rpc;
    this.channel = facts.channel;
    this.channelCount = facts.channelCount;
    this.batchSize = facts.batchSize;
    this.transport = server.transport;
    this.address = server.address;
    this.port = server.port;
    this.parent = facts.parent;
    this.calls = facts.calls ?? [];
    this.#checkHeaders = checkHeaders;
  }

  setHeader(name: string, value: string): void {
    this.expectStart();
    if (authorizing.has(`${name}`.toLowerCase()))
      throw new TypeError(`headers.${name}: is set by the client's options`);
    this.#headers = { ...this.#headers, ...this.#checkHeaders({ [name]: value }) };
  }

  /** Publishes the call as `tracing:tscent.call`. */
  trace<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.emit<TracedCall, Result>(callChannel, this, work);
  }

  /** Counts an attempt. Gives its headers: the given ones, and those of subscribers. */
  attempt(given: Headers | undefined): Headers | undefined {
    this.attempts++;
    return this.#headers === undefined ? given : { ...given, ...this.#headers };
  }

  succeed(): void {
    if (this.kind !== "run") this.status = successStatus(this.transport);
  }

  /**
   * @param error the failure, also where the call rejects with the reason of its signal
   * @param isAborted whether the call rejects with that reason
   */
  fail(error: CentError, isAborted = false): void {
    if (this.kind !== "run")
      this.status = isAborted ? abortStatus(this.transport) : failureStatus(this.transport, error);
    this.attempts = Math.max(this.attempts, error.attempts);
    this.maybeExecuted = error.maybeExecuted;
  }
}
