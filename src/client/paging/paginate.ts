import type {
  HistoryRequest,
  MapReadStateRequest,
  MapReadStreamRequest,
} from "../../../gen/centrifugal/centrifugo/api/api_types.ts";
import type { CentResult } from "../../call/result-types.ts";
import type { ChannelName, ReadData } from "../../channels/data-types.ts";
import type { DefinedChannels } from "../../channels/define-channels.ts";
import { expectObject } from "../../codec/caller-values.ts";
import { didYouMean } from "../../codec/did-you-mean.ts";
import type { Int64 } from "../../codec/integers.ts";
import { asPathError, PathError } from "../../codec/path-error.ts";
import { mapError } from "../../errors/map-error.ts";
import type { CallOptions } from "../../options/call-options.ts";
import { callOptionChecks } from "../../options/call-options.ts";
import { count, expect, expectOptions, hasFunctions, shown } from "../../options/option-checks.ts";
import { methodTable } from "../../schema/method-table.ts";
import type { PagingForm } from "../../schema/paging-form.ts";
import { pagingForm } from "../../schema/paging-form.ts";
import type { DefaultService } from "../../schema/service-types.ts";
import type { ChannelRequest, HistoryReader } from "../channel-client.ts";
import { serviceOf } from "../client-service.ts";
import type { CentMethods } from "../client-types.ts";
import { cursorPages } from "./cursor-pages.ts";
import type { ItemOf, PagedMethod, PageOf, RequestOf } from "./paged-methods.ts";
import type { Pages } from "./pages.ts";
import { createPages } from "./pages.ts";
import type { Page, Reading } from "./reading.ts";
import { streamPages } from "./stream-pages.ts";

/** The number of items of a page, without `limit` in the request. */
const defaultLimit = 100;

/** A client, or a stand-in for one, with one of its methods. */
type Reader<Name extends keyof CentMethods, Mode extends Int64> = Pick<
  CentMethods<DefaultService, Mode>,
  Name
>;
type DataPages<Name extends "history" | "mapReadState" | "mapReadStream", Data, Mode extends Int64> = Pages<
  CentResult<Name, Data, DefaultService, Mode>,
  ItemOf<CentResult<Name, Data, DefaultService, Mode>>
>;

/**
 * Reads all that a method has, page by page: `for await (const page of paginate(cent, "history", { channel: "chat" }))`.
 * `items()` and `toArray({ limit })` give publications, entries and so on. Nothing is sent before the iteration.
 *
 * @param cent a client of `createClient`
 * @param method a method that has pages, such as `history` or `deviceList`
 * @param request the method's request. Its `limit` is the size of a page, by default 100; the place in it is where the reading begins
 * @param options options of each call; `timeoutMs` is for one page, `signal` for all
 * @throws CentRequestError for a wrong method, request or option
 */
export function paginate<
  Defined extends DefinedChannels,
  Mode extends Int64,
  const Name extends ChannelName<Defined>,
>(
  cent: HistoryReader<Defined, Mode>,
  method: "history",
  request: ChannelRequest<HistoryRequest, { channel: Name }>,
  options?: CallOptions,
): DataPages<"history", ReadData<Defined, Name>, Mode>;
export function paginate<Data = unknown, Mode extends Int64 = "number">(
  cent: Reader<"history", Mode>,
  method: "history",
  request: HistoryRequest,
  options?: CallOptions,
): DataPages<"history", Data, Mode>;
export function paginate<Data = unknown, Mode extends Int64 = "number">(
  cent: Reader<"mapReadState", Mode>,
  method: "mapReadState",
  request: MapReadStateRequest,
  options?: CallOptions,
): DataPages<"mapReadState", Data, Mode>;
export function paginate<Data = unknown, Mode extends Int64 = "number">(
  cent: Reader<"mapReadStream", Mode>,
  method: "mapReadStream",
  request: MapReadStreamRequest,
  options?: CallOptions,
): DataPages<"mapReadStream", Data, Mode>;
export function paginate<Client extends object, const Name extends PagedMethod<Client>>(
  cent: Client,
  method: Name,
  request: RequestOf<Client, Name>,
  options?: CallOptions,
): Pages<PageOf<Client, Name>, ItemOf<PageOf<Client, Name>>>;
export function paginate(
  cent: object,
  method: string,
  request: object,
  options: CallOptions = {},
): Pages<unknown, unknown> {
  const form = formOf(cent, method);
  const checked = checkRequest(form, method, request, options);
  const calls = cent as { [name: string]: (request: object, options: CallOptions) => Promise<Page> };
  const ask = async (page: object) => (calls[method] as (typeof calls)[string])(page, options);
  const reading: Reading = { method, list: form.list, request: checked, ask };
  return createPages(method, form.list, options.signal, () =>
    form.by === "position" ? streamPages(reading, form) : cursorPages(reading, form),
  );
}

/** @throws CentRequestError for a client without that method, and for a method without pages */
function formOf(cent: unknown, method: unknown): PagingForm {
  try {
    if (typeof cent !== "object" || cent === null)
      throw new PathError("expected a client of createClient", { path: "cent" });
    const { methods, byName } = methodTable(serviceOf(cent));
    const known = typeof method === "string" ? byName(method) : undefined;
    const form = known && pagingForm(known);
    if (form === undefined) {
      const paged = methods.filter(pagingForm).map(({ name }) => name);
      const guess = typeof method === "string" && known === undefined ? didYouMean(method, paged) : undefined;
      const problem = known === undefined ? "unknown method" : `${known.name} has no pages`;
      throw new PathError(`${problem}; ${guess ?? `expected one of ${paged.join(", ")}`}`, {
        path: "method",
      });
    }
    if (!hasFunctions(cent, method as string))
      throw new PathError(`expected a client with the method ${method}`, { path: "cent" });
    return form;
  } catch (error) {
    throw mapError(asPathError(error), "paginate");
  }
}

/** Copies the request, with the size of a page. The calls check the other fields. */
function checkRequest(form: PagingForm, method: string, request: unknown, options: unknown): Page {
  try {
    const given = expectObject(request);
    expectOptions(options, callOptionChecks);
    // A class may define fields as getters, which a spread does not copy.
    const names = new Set([...Object.keys(given), ...form.fields]);
    const copy = Object.fromEntries([...names].map((name) => [name, given[name]]));
    const limit = copy.limit ?? defaultLimit;
    const size = shown(count)(limit);
    expect("limit", size === true, `the size of a page: ${size}`);
    return { ...copy, limit };
  } catch (error) {
    throw mapError(asPathError(error), method);
  }
}
