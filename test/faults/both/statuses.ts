import { ofReply, ofStreams } from "../../harness/misbehaving-server.ts";
import type { StartFaulty, Twin } from "../fault.ts";
import { overBoth } from "../fault.ts";
import type { Rule } from "../rules.ts";
import {
  failedStatus,
  passingStatus,
  refusedStatus,
  tooMany,
  unauthorized,
  unimplemented,
} from "../rules.ts";

/** The statuses that proxies answer with, and the rule for each. */
const rules: readonly (readonly [rule: Rule, ...statuses: readonly number[]])[] = [
  [refusedStatus, 300, 301, 302, 303, 304, 305, 307, 308, 400, 403, 405, 411, 413],
  [unauthorized, 401],
  [unimplemented, 404],
  [tooMany, 429],
  [passingStatus, 502, 503, 504],
  [failedStatus, 402, 406, 408, 409, 410, 415, 421, 422, 425, 431, 451, 499],
  [failedStatus, 500, 501, 505, 507, 508, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 599],
];

type Headers = Readonly<Record<string, string>>;

/** A proxy that answers each request with one status. */
function ofStatus(status: number, headers: Headers = {}): Record<"http" | "grpc", StartFaulty> {
  const body = "<html>no</html>";
  return {
    http: ofReply(status, status === 304 ? "" : body, { ...headers, "content-type": "text/html" }),
    grpc: ofStreams((stream) => {
      stream.respond({ ":status": status, ...headers, "content-type": "text/html" });
      stream.end(status === 304 ? "" : body);
    }),
  };
}

/** Statuses that few proxies send. */
const rare: ReadonlySet<number> = new Set([
  300, 304, 305, 402, 406, 409, 410, 415, 421, 422, 425, 431, 451, 501, 505, 507, 508, 510, 511, 521, 522,
  523, 525, 526, 527, 530, 599,
]);

const plain = rules.flatMap(([rule, ...statuses]) =>
  statuses.map(
    (status): Twin => ({
      title: `HTTP ${status}`,
      start: ofStatus(status),
      ...rule,
      isSlow: rare.has(status),
    }),
  ),
);

const inAWeek = new Date(Date.now() + 7 * 24 * 3600 * 1000).toUTCString();

const withHeaders: readonly Twin[] = [
  {
    title: "HTTP 429 with Retry-After of a second",
    start: ofStatus(429, { "retry-after": "1" }),
    ...tooMany,
    leastMs: 1_990,
    isSlow: true,
  },
  {
    title: "HTTP 429 with Retry-After past the deadline",
    start: ofStatus(429, { "retry-after": "60" }),
    ...refusedStatus,
    mostMs: 500,
  },
  {
    title: "HTTP 503 with Retry-After as a date past the deadline",
    start: ofStatus(503, { "retry-after": inAWeek }),
    ...failedStatus,
    mostMs: 500,
  },
  {
    title: "HTTP 429 with an invalid Retry-After",
    start: ofStatus(429, { "retry-after": "soon" }),
    ...tooMany,
  },
  {
    title: "HTTP 302 to another server",
    start: ofStatus(302, { location: "http://127.0.0.1:1/" }),
    ...refusedStatus,
  },
];

export const statuses = overBoth([...plain, ...withHeaders]);
