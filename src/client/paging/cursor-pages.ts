import { attemptsOf } from "../../call/result-attempts.ts";
import { shortLine } from "../../codec/one-line.ts";
import { CentDecodeError } from "../../errors/cent-error.ts";
import type { CursorForm } from "../../schema/paging-form.ts";
import type { Page, Position, Reading } from "./reading.ts";
import { askAt, lostPosition } from "./reading.ts";

/** Reads a list page by page, by the cursors that the server gives. All pages of a map are of one epoch. */
export async function* cursorPages(
  reading: Reading,
  form: CursorForm,
): AsyncGenerator<Page, void, undefined> {
  const { nextCursor, hasRevision, list } = form;
  let cursor = reading.request.cursor;
  let revision = hasRevision ? givenRevision(reading.request) : undefined;
  for (let isFirst = true; ; isFirst = false) {
    const ofRevision = revision && { revisionOffset: revision.offset, revisionEpoch: revision.epoch };
    const page = await askAt(reading, { cursor, ...ofRevision }, revision);
    if (hasRevision) {
      const { offset, epoch } = page as unknown as Position;
      if (revision !== undefined && epoch !== revision.epoch)
        throw lostPosition(reading, revision, `the epoch is "${shortLine(epoch)}" now`, page);
      revision ??= { offset, epoch };
    }
    const next = page[nextCursor];
    // A page of Redis may be empty, with more to come.
    if (isFirst || (page[list] as readonly unknown[]).length > 0) yield page;
    if (next === "" || next === undefined) return;
    if (next === cursor) throw repeatedCursor(reading.method, page);
    cursor = next;
  }
}

function givenRevision({ revisionOffset, revisionEpoch }: Page): Position | undefined {
  return revisionOffset || revisionEpoch
    ? ({ offset: revisionOffset ?? 0, epoch: revisionEpoch ?? "" } as Position)
    : undefined;
}

/** Ends the reading of a server that repeats a cursor, which would go on for ever. */
function repeatedCursor(method: string, page: Page): CentDecodeError {
  return new CentDecodeError(`${method}: the server gave the cursor again that it was asked for`, {
    method,
    attempts: attemptsOf(page),
    maybeExecuted: true,
  });
}
