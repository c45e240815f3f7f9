import { proMethods } from "../../gen/centrifugal/centrifugo/api/pro_methods.ts";
import { shortLine } from "../codec/one-line.ts";
import type { ReplyStatus } from "../transport/transport-failure.ts";

const broken = "the server or its broker failed; its log says more";
const noHistory = "the namespace keeps no history; set history_size and history_ttl";
const noPresence = "the namespace keeps no presence; set presence";
const notForPublish =
  "the namespace takes other data (publication_data_format), or is for maps or shared polls (subscription_type)";
const notForMaps = "the namespace is not one for maps (subscription_type), or a field is invalid";
const oldPosition =
  "the epoch is that of an older stream, or the position was trimmed; read again without a position";
const otherPro =
  "an open-source server does not have this method; in Centrifugo PRO, the device does not exist";

/** The hint for an API error, by code and method. `any` is for the methods without an entry. */
const apiHints: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  100: {
    any: broken,
    history: `with reverse, since.offset must not be 0; otherwise ${broken}`,
    channels: `pattern may be no valid glob; otherwise ${broken}`,
    subscribe: `expireAt may be in the past; otherwise ${broken}`,
    mapPublish: `an ephemeral map takes no version; otherwise ${broken}`,
  },
  102: { any: "the namespace, the text before the colon, is not in the server's channel.namespaces" },
  104: {
    any: "the server does not know this method; it may be too old",
    rpc: "the server has no RPC method of this name; open-source Centrifugo has none at all",
    deviceTopicUpdate: otherPro,
  },
  107: {
    any: "a field is empty or invalid",
    publish: notForPublish,
    broadcast: notForPublish,
    mapPublish: notForMaps,
    mapRemove: notForMaps,
    mapReadState: notForMaps,
    mapReadStream: notForMaps,
    mapStats: notForMaps,
    mapClear: notForMaps,
    sharedPollPublish: "version is 0, or the namespace is not one for shared polls (subscription_type)",
  },
  108: {
    any: "the feature is off in the namespace",
    history: noHistory,
    historyRemove: noHistory,
    presence: noPresence,
    presenceStats: noPresence,
    sharedPollPublish: "the namespace takes no publications; set shared_poll.publish_enabled",
  },
  112: { any: oldPosition },
  113: { any: "the device belongs to another user" },
};

const isPro = (method: string) => proMethods.includes(method);
const needsPro = (method: string) =>
  `${method} is a method of Centrifugo PRO, which an open-source server does not have`;

function apiHint(code: number, method: string): string | undefined {
  const hints = Object.hasOwn(apiHints, code) ? apiHints[code] : undefined;
  if (hints !== undefined && Object.hasOwn(hints, method)) return hints[method];
  return code === 104 && isPro(method) ? needsPro(method) : hints?.any;
}

/** The part of a CentApiResponseError that its message shows. */
export interface ApiErrorFacts {
  readonly code: number;
  readonly serverMessage: string;
  readonly method?: string | undefined;
  readonly channel?: string | undefined;
}

/** An API error without a hint: `history of chat: not available (108)`. */
export function apiErrorText({ code, serverMessage, method = "", channel }: ApiErrorFacts): string {
  const to = /publish|broadcast|^subscribe/i.test(method) ? "to" : "of";
  const place = channel === undefined ? method : `${method} ${to} ${shortLine(channel)}`;
  const said = serverMessage === "" ? `error ${code}` : `${shortLine(serverMessage)} (${code})`;
  return `${place}${place && ": "}${said}`;
}

/** An API error with a hint: `history of chat: not available (108): the namespace keeps no history; set …`. */
export function apiErrorMessage(facts: ApiErrorFacts): string {
  const hint = apiHint(facts.code, facts.method ?? "");
  return hint === undefined ? apiErrorText(facts) : `${apiErrorText(facts)}: ${hint}`;
}

/** The facts of a failed call that a hint depends on. */
export interface FailureFacts extends ReplyStatus {
  readonly method: string;
  /** The failure in words, with the address of the server. */
  readonly said: string;
  /** How the call was authorized; undefined if that is not known. */
  readonly key?: "apiKey" | "bearerToken" | "none" | undefined;
  /** The code of the innermost cause. */
  readonly code: string | undefined;
  /** Whether a connection was made, and nothing came from the server on it. */
  readonly isUnanswered: boolean;
  /** Whether the request was certainly not executed. */
  readonly isUnsent: boolean;
}

/** The hint for a failure without an API error; undefined if its message says enough. */
export function failureHint(facts: FailureFacts): string | undefined {
  return facts.httpStatus === undefined && facts.grpcStatus === undefined
    ? connectionHint(facts)
    : statusHint(facts);
}

/** HTTP statuses with which a server refuses a gRPC request that it does not understand. */
const withoutGrpc: readonly unknown[] = [400, 404, 405, 415];

function statusHint({ method, said, key, httpStatus, grpcStatus, url }: FailureFacts): string | undefined {
  if (grpcStatus === 16 || (httpStatus === 401 && url !== undefined))
    return keyHint(key, httpStatus === undefined ? "grpc_api.key" : "http_api.key");
  if (httpStatus === 400 && /HTTPS (?:server|port)/.test(said)) return "use https:// in url";
  if (grpcStatus === 12) {
    if (/unknown service .+\//.test(said)) return "use a url without a path, as in http://localhost:10000";
    return unknownMethod(method);
  }
  if (httpStatus === 404 && url !== undefined) {
    const { origin, pathname } = new URL(url);
    return pathname.lastIndexOf("/") === 0
      ? `url has no path; Centrifugo's API is usually at ${origin}/api`
      : unknownMethod(method);
  }
  const isNoGrpc = url === undefined && withoutGrpc.includes(httpStatus);
  return isNoGrpc ? `the server speaks no gRPC there; use ${ports}` : undefined;
}

const ports = 'the port of grpc_api (10000), or transport: "http"';

function unknownMethod(method: string): string {
  return isPro(method)
    ? needsPro(method)
    : "the server is too old for this method, or url is not the address of its API";
}

function keyHint(key: FailureFacts["key"], option: string): string | undefined {
  if (key === "none") return `no apiKey was given; use the server's ${option}`;
  if (key === "bearerToken")
    return `bearerToken needs Centrifugo PRO; else use apiKey with the server's ${option}`;
  return `apiKey is not the server's ${option}`;
}

/** OpenSSL's codes for an answer that is no TLS. */
const withoutTls = ["ERR_SSL_WRONG_VERSION_NUMBER", "ERR_SSL_PACKET_LENGTH_TOO_LONG"];

function connectionHint({ code = "", said, isUnanswered, isUnsent }: FailureFacts): string | undefined {
  const isTls = said.includes("(https:");
  if (withoutTls.includes(code)) return "the port speaks no TLS; use http:// in url";
  if (code === "ECONNREFUSED") return "no server listens there; gRPC also needs grpc_api.enabled";
  if (said.includes("Expected HTTP/"))
    return 'the port speaks no HTTP/1.1; use the port of the HTTP API (8000), or transport: "grpc"';
  if (code === "ERR_HTTP2_ERROR" && isUnsent) return `the port speaks no HTTP/2; use ${ports}`;
  if (said.includes("closed before it was made"))
    return isTls ? undefined : "if the port expects TLS, use https:// in url";
  if (!isUnanswered) return undefined;
  const grpc = 'if it is the port of gRPC, use transport: "grpc"';
  return `nothing came from the server; ${isTls ? grpc : `${grpc}; if it expects TLS, use https:// in url`}`;
}
