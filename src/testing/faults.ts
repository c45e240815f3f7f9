import type { Method, MethodTable } from "../schema/method-table.ts";

/** How a call is to fail. `delayMs` may come with any of the others, or alone: then the call is only late. */
export interface Fault {
  /** An error of the API, in the error mode that the call is in. Applies to a command in a batch, too. */
  readonly code?: number;
  /** The message that comes with `code`; by default Centrifugo's own for it. */
  readonly message?: string;
  /** An HTTP status. Over gRPC, the status that clients make of it: 503 is UNAVAILABLE. */
  readonly status?: number;
  /** A gRPC status. Over HTTP, the status that stands for it: 14, UNAVAILABLE, is 503. */
  readonly grpcStatus?: number;
  /** The connection is closed without an answer. */
  readonly drop?: boolean;
  /** Milliseconds of real time before anything else happens. */
  readonly delayMs?: number;
}

/** How often a fault is to happen. */
export interface FaultOptions {
  /** How many calls fail, or "always". Default 1. */
  readonly times?: number | "always";
}

/** A fault that is not an answer of the API: a bare status, or the end of the connection. */
export class FaultError extends Error {
  override readonly name = "FaultError";
  readonly fault: Fault;

  constructor(fault: Fault) {
    super("a failure that the test ordered");
    this.fault = fault;
  }
}

const kinds = ["code", "status", "grpcStatus", "drop", "delayMs"] as const;

interface Planned {
  readonly method: string;
  readonly fault: Fault;
  left: number;
}

/** The failures that a test has ordered, in the order they were. */
export class Faults {
  readonly #table: MethodTable;
  readonly #has: (method: Method) => boolean;
  #planned: Planned[] = [];

  constructor(table: MethodTable, has: (method: Method) => boolean) {
    this.#table = table;
    this.#has = has;
  }

  /**
   * Orders a failure of a method, or with "*" of any.
   *
   * @throws TypeError for a method that the server does not have, and for a failure that could not happen.
   */
  add(method: string, fault: Fault, { times = 1 }: FaultOptions = {}): void {
    const named = this.#table.byName(method);
    if (method !== "*" && named === undefined) {
      throw new TypeError(
        `fail: expected the client's name of a method, as in "publish", or "*", got "${method}"`,
      );
    }
    if (named !== undefined && !this.#has(named)) {
      throw new TypeError(`fail: ${method} is of Centrifugo PRO, and unimplemented on this server anyway`);
    }
    if (times !== "always" && !(Number.isInteger(times) && times > 0)) {
      throw new TypeError(`fail: expected times to be "always" or an integer above 0, got ${times}`);
    }
    if (!kinds.some((kind) => fault[kind] !== undefined)) {
      throw new TypeError(`fail: expected a fault with one of ${kinds.join(", ")}`);
    }
    if (method === "batch" && fault.code !== undefined) {
      throw new TypeError("fail: a batch has no error of its own; fail its commands, or give a status");
    }
    this.#planned.push({ method, fault, left: times === "always" ? Number.POSITIVE_INFINITY : times });
  }

  clear(): void {
    this.#planned = [];
  }

  /** The next failure ordered for a call of a method, which is thereby used up. */
  take(method: string): Fault | undefined {
    // Errors of the API that any method is to answer with are for the commands of a batch.
    return this.#take(method, ({ code }) => method !== "batch" || code === undefined);
  }

  /** The next failure that can befall a command inside a batch: only an error of the API can. */
  takeForCommand(method: string): Fault | undefined {
    return this.#take(method, ({ code }) => code !== undefined);
  }

  #take(method: string, applies: (fault: Fault) => boolean): Fault | undefined {
    const next = this.#planned.find((planned) => planned.method === method || planned.method === "*");
    if (next === undefined || !applies(next.fault)) return undefined;
    next.left--;
    if (next.left <= 0) this.#planned = this.#planned.filter((planned) => planned !== next);
    return next.fault;
  }
}

const grpcToHttp: Readonly<Record<number, number>> = {
  3: 400,
  4: 504,
  5: 404,
  7: 403,
  8: 429,
  12: 404,
  14: 503,
  16: 401,
};

const httpToGrpc: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

/** The HTTP status of a fault; undefined where it has none. */
export function faultHttpStatus({ status, grpcStatus }: Fault): number | undefined {
  return status ?? (grpcStatus === undefined ? undefined : (grpcToHttp[grpcStatus] ?? 500));
}

/** The gRPC status of a fault, by gRPC's own table of what an HTTP status means; undefined where it has none. */
export function faultGrpcStatus({ status, grpcStatus }: Fault): number | undefined {
  return grpcStatus ?? (status === undefined ? undefined : (httpToGrpc[status] ?? 2));
}
