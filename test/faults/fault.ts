import type { ClientOptions } from "../../src/index.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import type { Protocol } from "../harness/scripted-server.ts";

/** A server that may count its requests. */
export interface FaultyServer extends ListeningServer {
  readonly requests?: () => number;
  /** Runs when the client has the replies of its warm-up calls, before its rest. */
  readonly onWarm?: () => void;
}

export type StartFaulty = () => Promise<FaultyServer>;

/** The methods that faults are tried with: one that changes something, and one that only reads. */
export type FaultMethod = "publish" | "info";

/** The end that the rules require of a call. */
export interface Expected {
  /** The name of the error's class, or several permitted names; undefined for a call that succeeds. */
  readonly error?: string | readonly string[];
  readonly maybeExecuted?: boolean;
  readonly attempts?: number;
}

export type FaultOptions = Partial<Omit<ClientOptions, "int64" | "service" | "transport">>;

export interface Fault {
  readonly title: string;
  readonly start: StartFaulty;
  /** The end of a publish, or of several in order; undefined for no publish. */
  readonly publish?: Expected | readonly Expected[];
  /** The same for a read. */
  readonly info?: Expected | readonly Expected[];
  /** Options of the client, made in its process. */
  readonly options?: FaultOptions | ((port: number) => FaultOptions);
  /** Calls that succeed before the fault, and milliseconds of rest after them. */
  readonly warmUps?: number;
  readonly restMs?: number;
  /** Milliseconds after which the client is closed during its calls. */
  readonly closeAfterMs?: number;
  /** Bytes of the data of a publish. */
  readonly bytes?: number;
  /** How many requests reach the server, including the warm-up. */
  readonly requests?: number;
  /** Milliseconds that the calls take at least and at most. */
  readonly leastMs?: number;
  readonly mostMs?: number;
  /** Megabytes that a flood may take, 150 by default. */
  readonly mostMb?: number;
  /** Whether the client has its own process, whose memory is measured. */
  readonly isFlood?: boolean;
  /** Whether `npm test` leaves out the fault. */
  readonly isSlow?: boolean;
}

/** A fault over one transport, as in the table. */
export interface FaultOf extends Fault {
  readonly protocol: Protocol;
}

export function over(protocol: Protocol, faults: readonly Fault[]): FaultOf[] {
  return faults.map((fault) => ({ ...fault, protocol }));
}

/** A fault that has servers for both transports. */
export type Twin = Omit<Fault, "start"> & { readonly start: StartFaulty | Record<Protocol, StartFaulty> };

export function overBoth(faults: readonly Twin[]): FaultOf[] {
  return (["http", "grpc"] as const).flatMap((protocol) =>
    faults.map((fault) => {
      const { start } = fault;
      return { ...fault, protocol, start: typeof start === "function" ? start : start[protocol] };
    }),
  );
}
