import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/**
 * Whether a request carries the key: in `X-API-Key`, else in `Authorization: apikey …`. A right `api_key` in the query
 * counts despite a wrong header. Without a configured key, no request is authorised.
 */
export function isAuthorized(request: IncomingMessage, query: URLSearchParams, key: string): boolean {
  if (key === "") return false;
  const [apiKey = ""] = request.headersDistinct["x-api-key"] ?? [];
  const [authorization = ""] = request.headersDistinct.authorization ?? [];
  const offered = apiKey === "" ? authorizationKey(authorization) : apiKey;
  return isEqual(offered, key) || isEqual(query.get("api_key") ?? "", key);
}

function authorizationKey(header: string): string {
  const [scheme = "", key = "", ...more] = header.trim().split(/\s+/);
  return scheme.toLowerCase() === "apikey" && more.length === 0 ? key : "";
}

function isEqual(offered: string, key: string): boolean {
  const [left, right] = [Buffer.from(offered), Buffer.from(key)];
  return left.length === right.length && timingSafeEqual(left, right);
}
