import type { IncomingMessage, RequestListener } from "node:http";
import { posix } from "node:path";
import { buffer } from "node:stream/consumers";
import type { Message } from "@bufbuild/protobuf";
import { ErrorSchema } from "#api";
import { readMessage } from "../../codec/json/read-message.ts";
import { JsonReadError } from "../../codec/path-error.ts";
import { hasError } from "../../schema/error-or-result.ts";
import type { Method } from "../../schema/method-table.ts";
import type { Backend } from "../backend.ts";
import { ApiError, errorMessage } from "../brokers/api-error.ts";
import { FaultError, faultHttpStatus } from "../faults.ts";
import { errorResponse, resultResponse } from "../respond.ts";
import { isAuthorized } from "./auth.ts";
import { answerLegacy } from "./legacy-route.ts";
import { markNullCommands } from "./null-commands.ts";
import type { HttpReply } from "./reply.ts";
import { jsonReply, sendReply, textReply } from "./reply.ts";
import { NotJsonError, writeReply } from "./write-reply.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Serves the API as HTTP-JSON. */
export function httpListener(backend: Backend): RequestListener {
  return (request, response) => {
    answer(backend, request).then(
      (reply) => sendReply(response, reply),
      (error: unknown) => {
        // The test ordered a drop, or the server is closing, or the client went away.
        if (error instanceof FaultError || request.destroyed || isAbort(error)) request.socket.destroy();
        else throw error;
      },
    );
  };
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

async function answer(backend: Backend, request: IncomingMessage): Promise<HttpReply> {
  const { http } = backend.engine.options;
  const [rawPath, query] = splitAt(request.url ?? "", "?");
  const path = decodePath(rawPath);
  if (path === undefined) return textReply(400);
  const clean = posix.normalize(path);
  if (clean !== path) {
    return { status: 307, headers: { Location: encodeURI(clean) + (query === "" ? "" : `?${query}`) } };
  }
  const route = http.disabled ? undefined : findRoute(backend, path, http.prefix);
  if (route === undefined) return textReply(404, "404 page not found");
  if (request.method !== "POST") return { status: 405 };
  if (!http.insecure && !isAuthorized(request, new URLSearchParams(query), http.key)) return { status: 401 };
  const text = decoder.decode(await buffer(request));
  try {
    return await (route === "legacy"
      ? answerLegacy(backend, text, headersOf(request))
      : answerMethod(backend, route, text, request));
  } catch (error) {
    if (error instanceof JsonReadError) return textReply(400);
    if (error instanceof NotJsonError) return textReply(500);
    const status =
      error instanceof FaultError && !error.fault.drop ? faultHttpStatus(error.fault) : undefined;
    if (status === undefined) throw error;
    return textReply(status);
  }
}

async function answerMethod(
  backend: Backend,
  method: Method,
  text: string,
  request: IncomingMessage,
): Promise<HttpReply> {
  const message = readMessage(method.rpc.input, text);
  if (method === backend.table.batch) markNullCommands(backend.table, message, text);
  let response: Message;
  try {
    const result = await backend.handle(method, message, "http", headersOf(request));
    response = resultResponse(method, result);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const [mode] = request.headersDistinct["x-centrifugo-error-mode"] ?? [];
    if (backend.engine.options.http.transportErrors || mode === "transport" || !hasError(method.rpc.output)) {
      return jsonReply(error.httpStatus, writeReply(ErrorSchema, errorMessage(error)));
    }
    response = errorResponse(method, error);
  }
  return jsonReply(200, writeReply(method.rpc.output, response));
}

function findRoute(backend: Backend, path: string, prefix: string): Method | "legacy" | undefined {
  const method = path.startsWith(`${prefix}/`)
    ? backend.table.byPath(path.slice(prefix.length + 1))
    : undefined;
  if (method !== undefined && backend.has(method)) return method;
  // With the prefix "", the route of the old API takes all remaining paths.
  return path === prefix || prefix === "" ? "legacy" : undefined;
}

function headersOf(request: IncomingMessage): Record<string, string> {
  const entries = Object.entries(request.headersDistinct).map(([name, values]) => [
    name,
    (values ?? []).join(", "),
  ]);
  return Object.fromEntries(entries);
}

/** A path without its percent-encoding; undefined if that is broken. */
function decodePath(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    // The caller answers with status 400.
    return undefined;
  }
}

function splitAt(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
