import type { Method, MethodTable } from "../schema/method-table.ts";

/** How a call fails. `delayMs` may come with any other field. Alone, it only makes the call late. */
export interface Fault {
  /** The code of an API error, sent in the call's error mode. Applies to a command in a batch, too. */
  readonly code?: number;
  /** The message of `code`, by default Centrifugo's; over gRPC also of a status. */
  readonly message?: string;
  /** An HTTP status. Over gRPC, the status that clients make of it: 503 becomes UNAVAILABLE. */
  readonly status?: number;
  /** A gRPC status. Over HTTP, the status that stands for it: 14, UNAVAILABLE, becomes 503. */
  readonly grpcStatus?: number;
  /** Closes the connection without an answer. */
  readonly drop?: boolean;
  /** Milliseconds of real time to wait first. */
  readonly delayMs?: number;
}

/** How often a fault happens. */
export interface FaultOptions {
  /** How many calls fail, or "always". Default 1. */
  readonly times?: number | "always";
}

/** A fault below the API: a bare status, or the end of the connection. */
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

/** The failures that a test has ordered, oldest first. */
export class Faults {
  readonly #table: MethodTable;
  readonly #has: (method: Method) => boolean;
  #planned: Planned[] = [];

  constructor(table: MethodTable, has: (method: Method) => boolean) {
    this.#table = table;
    this.#has = has;
  }

  /**
   * Orders a failure of a method, or with "*" of any method.
   *
   * @throws TypeError for a method that the server does not have, or a failure that cannot happen.
   */
  add(method: string, fault: Fault, { times = 1 }: FaultOptions = {}): void {
    const named = this.#table.byName(method);
    if (method !== "*" && named === undefined) {
      throw new TypeError(
        `fail: expected the client's name of a method, as in "publish", or "*", got "${method}"`,
      );
    }
    if (named !== undefined && !this.#has(named)) {
      throw new TypeError(`fail: this server has no method ${method}, and answers it as unimplemented`);
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

  /** Takes the next failure ordered for a call of a method. */
  take(method: string): Fault | undefined {
    // A batch has no API error of its own, so an API error for "*" waits for a command.
    return this.#take(method, ({ code }) => method !== "batch" || code === undefined);
  }

  /** Takes the next failure ordered for a command in a batch, if it is an API error. */
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

/** The HTTP status of a fault, if it has one. */
export function faultHttpStatus({ status, grpcStatus }: Fault): number | undefined {
  return status ?? (grpcStatus === undefined ? undefined : (grpcToHttp[grpcStatus] ?? 500));
}

/** The gRPC status of a fault, if it has one. An HTTP status is mapped by gRPC's own table. */
export function faultGrpcStatus({ status, grpcStatus }: Fault): number | undefined {
  return grpcStatus ?? (status === undefined ? undefined : (httpToGrpc[status] ?? 2));
}
