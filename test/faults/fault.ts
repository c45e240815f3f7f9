import type { ClientOptions } from "../../src/index.ts";
import type { ListeningServer } from "../harness/listening-server.ts";
import type { Protocol } from "../harness/scripted-server.ts";

/** A server that may count the requests which reach it. */
export interface FaultyServer extends ListeningServer {
  readonly requests?: () => number;
  /** Runs when the client has the replies of its warm-up calls, before its rest. */
  readonly onWarm?: () => void;
}

export type StartFaulty = () => Promise<FaultyServer>;

/** The methods that faults are tried with: one that changes something, and one that only reads. */
export type FaultMethod = "publish" | "info";

/** The end of a call by the rules, whatever the client makes of it. */
export interface Expected {
  /** The name of the error's class, or of several that are all right; none for a call that succeeds. */
  readonly error?: string | readonly string[];
  readonly maybeExecuted?: boolean;
  readonly attempts?: number;
}

export type FaultOptions = Omit<ClientOptions, "int64" | "service" | "transport">;

export interface Fault {
  readonly title: string;
  readonly start: StartFaulty;
  /** What becomes of a publish, or of several by their places; undefined where none is made. */
  readonly publish?: Expected | readonly Expected[];
  /** The same for a read. */
  readonly info?: Expected | readonly Expected[];
  /** Options of the client, made in its process. */
  readonly options?: FaultOptions | ((port: number) => FaultOptions);
  /** Calls that succeed before the fault is there, and milliseconds of rest after them. */
  readonly warmUps?: number;
  readonly restMs?: number;
  /** Milliseconds after which the client is closed while its calls are under way. */
  readonly closeAfterMs?: number;
  /** Bytes of the data of a publish. */
  readonly bytes?: number;
  /** How many requests reach the server, those before the fault included. */
  readonly requests?: number;
  /** Milliseconds that the calls take at least and at most. */
  readonly leastMs?: number;
  readonly mostMs?: number;
  /** Megabytes that a flood may take, where that is not the 150 of all. */
  readonly mostMb?: number;
  /** Whether its client has a process of its own, whose memory is measured. */
  readonly isFlood?: boolean;
  /** Whether `npm test` leaves it out. */
  readonly isSlow?: boolean;
}

/** A fault of one transport, in the table of all. */
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
