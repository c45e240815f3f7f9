import { shortLine } from "../../codec/one-line.ts";
import type { StreamForm } from "../../schema/paging-form.ts";
import type { Page, Position, Reading } from "./reading.ts";
import { askAt, lostPosition } from "./reading.ts";

/** The offsets of one page. */
interface Offsets {
  readonly epoch: string;
  /** The offset of the newest item in the stream. */
  readonly top: number | bigint;
  readonly items: readonly { readonly offset: number | bigint }[];
}

/** Reads a stream page by page, up to its top, or with `reverse` down to its oldest item. */
export async function* streamPages(
  reading: Reading,
  form: StreamForm,
): AsyncGenerator<Page, void, undefined> {
  const step = reading.request.reverse === true ? -1 : 1;
  let at = givenPosition(reading.request, form);
  for (let isFirst = true; ; isFirst = false) {
    const page = await askAt(reading, at === undefined ? {} : since(at, form), at);
    const offsets = offsetsOf(page, form);
    at = lastPosition(reading, page, offsets, at, step);
    if (isFirst || offsets.items.length > 0) yield page;
    const isAtEnd = at === undefined || (step === 1 ? at.offset >= offsets.top : at.offset <= 1);
    if (isAtEnd || offsets.items.length === 0) return;
  }
}

/** The position in the caller's request. The call itself checks it. */
function givenPosition(request: Page, { isNested }: StreamForm): Position | undefined {
  const { sinceOffset, sinceEpoch } = request;
  const given = isNested ? request.since : { offset: sinceOffset, epoch: sinceEpoch };
  const { offset, epoch } = (given ?? {}) as Partial<Position>;
  // Offset 0 without an epoch is no position: the stream is read from its oldest item.
  return offset || epoch ? { offset: offset ?? 0, epoch: epoch ?? "" } : undefined;
}

function since({ offset, epoch }: Position, { isNested }: StreamForm): object {
  return isNested ? { since: { offset, epoch } } : { sinceOffset: offset, sinceEpoch: epoch };
}

function offsetsOf(page: Page, { list }: StreamForm): Offsets {
  return { epoch: page.epoch, top: page.offset, items: page[list] } as Offsets;
}

/**
 * The position of a page's last item.
 *
 * @param at where the page must continue; undefined for any place
 * @throws CentPositionError if it does not
 */
function lastPosition(
  reading: Reading,
  page: Page,
  { epoch, top, items }: Offsets,
  at: Position | undefined,
  step: 1 | -1,
): Position | undefined {
  const first = items[0] && { offset: moved(items[0].offset, -step), epoch };
  const begin = at ?? first;
  if (begin === undefined) return undefined;
  const lost = (problem: string) => lostPosition(reading, begin, problem, page);
  if (begin.epoch !== "" && epoch !== begin.epoch) throw lost(`the epoch is "${shortLine(epoch)}" now`);
  let last = begin.offset;
  for (const { offset } of items) {
    // The server leaves out without an error what it no longer has.
    if (BigInt(offset) !== BigInt(moved(last, step)))
      throw lost(`the server has nothing between ${last} and ${offset} any more`);
    last = offset;
  }
  const isBeyond = last > (step === 1 ? top : moved(top, 1));
  if (isBeyond) throw lost(`the stream ends at ${top}`);
  if (items.length === 0 && step === 1 && last < top)
    throw lost(`the server has nothing between ${last} and ${top} any more`);
  return { offset: last, epoch };
}

function moved(offset: number | bigint, by: number): number | bigint {
  return typeof offset === "bigint" ? offset + BigInt(by) : offset + by;
}
