import { asPathError, PathError } from "../../codec/path-error.ts";
import { mapError } from "../../errors/map-error.ts";
import { throwIfAborted } from "../../options/call-options.ts";
import type { OptionCheck } from "../../options/option-checks.ts";
import { count, expectOptions, optionChecks, shown } from "../../options/option-checks.ts";
import type { Page } from "./reading.ts";

/** The pages of a method. Each iteration reads from the request's place again, and has one page in memory. */
export interface Pages<Result, Item> extends AsyncIterable<Result> {
  /**
   * The results of the method, one for each page. Only the first page may be empty.
   *
   * @throws CentPositionError if the next page does not continue the page before
   * @throws any error of the method, or the reason of the signal
   */
  [Symbol.asyncIterator](): AsyncGenerator<Result, void, undefined>;
  /** The items of all pages: publications, entries, devices or topics. It throws the errors of the pages. */
  items(): AsyncGenerator<Item, void, undefined>;
  /**
   * Collects items. It rejects with the errors of the pages.
   *
   * @param options.limit the most items that the array may have; `Infinity` for all
   * @throws CentRequestError without a limit
   */
  toArray(options: { readonly limit: number }): Promise<Item[]>;
}

const limit: OptionCheck = (value) => value === Number.POSITIVE_INFINITY || shown(count)(value);
const checks = optionChecks<{ limit: number }>({ limit });

/** Makes the pages of a method. @param list the list of items in each page */
export function createPages(
  method: string,
  list: string,
  signal: unknown,
  read: () => AsyncGenerator<Page, void, undefined>,
): Pages<Page, unknown> {
  async function* items() {
    for await (const page of read()) {
      for (const item of page[list] as readonly unknown[]) {
        throwIfAborted(signal);
        yield item;
      }
    }
  }
  return {
    [Symbol.asyncIterator]: read,
    items,
    async toArray(options) {
      const most = checkLimit(method, options);
      const collected = [];
      for await (const item of items()) if (collected.push(item) >= most) break;
      return collected;
    },
  };
}

function checkLimit(method: string, options: unknown): number {
  try {
    expectOptions(options, checks);
    const { limit } = options as { limit?: number };
    if (limit === undefined) throw new PathError("is required", { path: "limit" });
    return limit;
  } catch (error) {
    throw mapError(asPathError(error), `toArray of ${method}`);
  }
}
