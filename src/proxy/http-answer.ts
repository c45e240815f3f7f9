import type { Message } from "@bufbuild/protobuf";
import { readMessage } from "../codec/json/read-message.ts";
import { writeMessage } from "../codec/json/write-message.ts";
import { decodeUtf8 } from "../codec/json-bytes.ts";
import { asPathError } from "../codec/path-error.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
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
  /** @throws BodyTooLarge, BadRequest */
  body(limit: number): Promise<Uint8Array>;
  readonly context: ProxyContext;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON for status 200, and else a reason for people. */
  readonly text: string;
}

/** A body has more bytes than the limit. */
export class BodyTooLarge extends Error {}

/** Answers a request over HTTP, whatever is wrong with it. */
export async function answerHttp(core: ProxyCore, request: HttpRequest): Promise<HttpAnswer> {
  const { secret, maxBodyBytes } = core;
  // The secret is checked before all else, so that a stranger learns nothing.
  if (!secret.matches(request.header(secret.header))) return refusal(401, "");
  if (request.method !== "POST") return refusal(405, "expected POST", { allow: "POST" });
  const event = eventOf(core, request.url);
  if (event === undefined || event.isStream)
    return refusal(404, event ? "streams go over gRPC only" : "no such event");
  try {
    const message = messageIn(event, await request.body(maxBodyBytes));
    const text = await respond(core, event, message, request.context, ({ response }, made) =>
      writeMessage(response, made),
    );
    return { status: 200, headers: { "content-type": "application/json" }, text };
  } catch (error) {
    // Nothing reads the rest of such a body.
    if (error instanceof BodyTooLarge)
      return refusal(413, `expected at most ${maxBodyBytes} bytes`, { connection: "close" });
    if (error instanceof ResponseFailure) return refusal(500, "");
    core.report(error, { event: event.name, key: undefined }, request.context.signal);
    return error instanceof BadRequest ? refusal(400, error.message) : refusal(500, "");
  }
}

function refusal(status: number, text: string, headers?: HttpAnswer["headers"]): HttpAnswer {
  return { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers }, text };
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
    throw new BadRequest(`${event.path}: ${asPathError(error).message}`);
  }
}
