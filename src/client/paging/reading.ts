import { shortLine } from "../../codec/one-line.ts";
import { CentApiResponseError, CentPositionError, ErrorCode } from "../../errors/cent-error.ts";

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
    return await reading.ask({ ...reading.request, ...from });
  } catch (error) {
    const isLost = error instanceof CentApiResponseError && error.code === ErrorCode.UNRECOVERABLE_POSITION;
    throw isLost && at ? lostPosition(reading, at, "the server does not know it any more", error) : error;
  }
}

export function lostPosition(
  { method, request }: Reading,
  { offset, epoch }: Position,
  problem: string,
  cause?: CentApiResponseError,
): CentPositionError {
  const channel = typeof request.channel === "string" ? request.channel : undefined;
  const place = channel === undefined ? method : `${method} of ${shortLine(channel)}`;
  const message = `${place}: offset ${offset} of epoch "${shortLine(epoch)}" is lost: ${problem}; read again from the beginning`;
  // A loss without an error of the server shows in a page, so the read itself succeeded.
  const { attempts, headers, maybeExecuted } = cause ?? { attempts: 1, maybeExecuted: true };
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
