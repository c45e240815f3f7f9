import type { Message } from "@bufbuild/protobuf";
import { readMessage } from "../codec/json/read-message.ts";
import { writeMessage } from "../codec/json/write-message.ts";
import { decodeUtf8 } from "../codec/json-bytes.ts";
import { asPathError } from "../codec/path-error.ts";
import type { ProxyEvent } from "./event-table.ts";
import type { ProxyContext } from "./handler-types.ts";
import type { ProxyCore } from "./proxy-core.ts";
import { BadRequest, ResponseFailure, respond } from "./respond.ts";

/** An HTTP request, as all servers can give it. */
export interface HttpRequest {
  readonly method: string | undefined;
  /** The URL or its path, with a query or without. */
  readonly url: string;
  /** The values of a header, joined with commas. */
  header(name: string): string | null | undefined;
  /** @throws BodyTooLarge, BadRequest, HungUp */
  body(limit: number): Promise<Uint8Array>;
  readonly context: ProxyContext;
}

export interface HttpAnswer {
  readonly status: number;
  /** JSON for status 200, and else a reason for people. */
  readonly text: string;
}

/** A body with more bytes than the limit. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
}

/** Centrifugo hung up before its request was there. */
export class HungUp extends Error {
  override readonly name = "HungUp";
}

/** Answers a request over HTTP, whatever is wrong with it. Undefined if nobody waits for the answer. */
export async function answerHttp(core: ProxyCore, request: HttpRequest): Promise<HttpAnswer | undefined> {
  // First of all, so that a stranger learns nothing.
  if (!core.secret.matches(request.header(core.secret.header))) return { status: 401, text: "" };
  if (request.method !== "POST") return { status: 405, text: "expected POST" };
  const event = eventOf(core, request.url);
  if (event === undefined) return { status: 404, text: "no such event" };
  if (event.isStream) return { status: 404, text: "streams go over gRPC only" };
  try {
    const message = messageIn(event, await request.body(core.maxBodyBytes));
    return { status: 200, text: await respond(core, event, message, request.context, writeJson) };
  } catch (error) {
    if (error instanceof BodyTooLarge)
      return { status: 413, text: `expected at most ${core.maxBodyBytes} bytes` };
    if (error instanceof HungUp) return undefined;
    if (!(error instanceof ResponseFailure))
      core.report(error, { event: event.name, key: undefined }, request.context.signal);
    return error instanceof BadRequest ? { status: 400, text: error.message } : { status: 500, text: "" };
  }
}

/** The event of a URL: the last part of its path, as it is written. */
function eventOf({ events }: ProxyCore, url: string): ProxyEvent | undefined {
  const end = url.search(/[?#]/);
  const path = end === -1 ? url : url.slice(0, end);
  const name = path.slice(path.lastIndexOf("/") + 1);
  return events.find((event) => event.path === name);
}

function messageIn(event: ProxyEvent, bytes: Uint8Array): Message {
  try {
    return readMessage(event.rpc.input, decodeUtf8(bytes), bytes);
  } catch (error) {
    throw new BadRequest(`${event.path}: ${asPathError(error).message}`, { cause: error });
  }
}

/** @throws TypeError for a result that JSON cannot carry */
function writeJson({ name, response }: ProxyEvent, message: Message): string {
  try {
    return writeMessage(response, message);
  } catch (cause) {
    throw new TypeError(`${name}: ${asPathError(cause).message}`, { cause });
  }
}
