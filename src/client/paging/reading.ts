import { attemptsOf } from "../../call/result-attempts.ts";
import { shortLine } from "../../codec/one-line.ts";
import {
  CentApiResponseError,
  CentDecodeError,
  CentPositionError,
  ErrorCode,
} from "../../errors/cent-error.ts";

/** A result with one page. */
export type Page = Readonly<Record<string, unknown>>;

/** A place in a stream, which a request can continue from. */
export interface Position {
  readonly offset: number | bigint;
  readonly epoch: string;
}

/** One use of `paginate`. */
export interface Reading {
  readonly method: string;
  /** The list of items in each page. */
  readonly list: string;
  /** The caller's request, with the size of a page. */
  readonly request: Page;
  readonly ask: (request: object) => Promise<Page>;
}

/**
 * Asks for the page at a place.
 *
 * @param from the place, as fields of the request
 * @param at the last good position; undefined if nothing was read yet
 */
export async function askAt(reading: Reading, from: object, at: Position | undefined): Promise<Page> {
  try {
    return expectPage(reading, await reading.ask({ ...reading.request, ...from }));
  } catch (error) {
    const isLost = error instanceof CentApiResponseError && error.code === ErrorCode.UNRECOVERABLE_POSITION;
    throw isLost && at ? lostPosition(reading, at, "the server does not know it any more", error) : error;
  }
}

/** The client is perhaps a mock, whose results nobody has checked. */
function expectPage({ method, list }: Reading, page: Page): Page {
  if (Array.isArray(Object(page)[list])) return page;
  const problem = `${method}: expected a result with the list ${list}`;
  throw new CentDecodeError(problem, { method, attempts: 1, maybeExecuted: true });
}

export function lostPosition(
  { method, request }: Reading,
  { offset, epoch }: Position,
  problem: string,
  read: Page | CentApiResponseError,
): CentPositionError {
  const channel = typeof request.channel === "string" ? request.channel : undefined;
  const place = channel === undefined ? method : `${method} of ${shortLine(channel)}`;
  const message = `${place}: offset ${offset} of epoch "${shortLine(epoch)}" is lost: ${problem}; read again from the beginning`;
  const cause = read instanceof CentApiResponseError ? read : undefined;
  // A loss without an error of the server shows in a page, so the read itself succeeded.
  const { attempts, headers, maybeExecuted } = cause ?? { attempts: attemptsOf(read), maybeExecuted: true };
  return new CentPositionError(message, {
    method,
    channel,
    position: { offset, epoch },
    cause,
    attempts,
    headers,
    maybeExecuted,
  });
}
