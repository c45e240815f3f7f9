import { runNamed } from "../codec/path-error.ts";
import { hideInLogs } from "../options/hide-in-logs.ts";
import type { OptionCheck } from "../options/option-checks.ts";
import { expectOptions, flag } from "../options/option-checks.ts";
import { goDuration } from "../options/time-checks.ts";
import type { ProxyEvent } from "../schema/event-table.ts";
import { withoutTrailingSlashes } from "../transport/trailing-slashes.ts";
import { namespaceSettings } from "./namespace-settings.ts";
import type { ProxyCore } from "./proxy-core.ts";
import type { SharedSecret } from "./shared-secret.ts";

/** Options of `proxy.config()`. */
export interface ProxyConfigOptions {
  /** Where Centrifugo finds the proxy: `http://app:3000/centrifugo`, `https://…`, or `grpc://app:3001` for gRPC. */
  readonly url: string;
  /** Where it finds streams, which go over gRPC only, if `url` is another protocol: `grpc://app:3001`. */
  readonly streamUrl?: string | undefined;
  /** How long Centrifugo waits for an answer, as Go writes it: `"3s"`, `"500ms"`, `"1m30s"`. Default: one second, Centrifugo's own. */
  readonly timeout?: string | undefined;
  /** Headers of a client's connection to pass on, such as `Cookie`. */
  readonly httpHeaders?: readonly string[] | undefined;
  /** Headers that a client's SDK sends in its connect command to pass on. Clients can forge them. */
  readonly emulatedHeaders?: readonly string[] | undefined;
  /** Keys of the metadata of unidirectional gRPC clients to pass on. For gRPC only. */
  readonly grpcMetadata?: readonly string[] | undefined;
  /** Whether Centrifugo sends data in base64, so that it need not be JSON. Handlers see no difference. Default false. */
  readonly binaryEncoding?: boolean | undefined;
}

/** A part of Centrifugo's config.json. */
export interface ProxyConfig {
  readonly client?: object;
  readonly channel?: object;
  readonly rpc?: object;
}

/** Makes the part of Centrifugo's configuration that turns a proxy's events on. @throws TypeError for wrong options */
export function proxyConfig(core: ProxyCore, options: ProxyConfigOptions): ProxyConfig {
  const own = core.events.filter(({ name }) => core.handlers.has(name));
  const given = { ...options, url: options?.url ?? null };
  runNamed("config", () => expectOptions(given, checksFor(core.secret)));
  const { url, streamUrl = url } = options;
  if (own.some(({ isStream }) => isStream) && isHttp(streamUrl))
    throw new TypeError("config: streamUrl: streams go over gRPC, as in grpc://app:3001");
  const endpoints = own.map((event) => [event.path, endpointOf(event, options, core.secret)] as const);
  const ofClient = endpoints.filter(([path]) => path === "connect" || path === "refresh");
  const ofChannels = endpoints.filter((one) => one[0] !== "rpc" && !ofClient.includes(one));
  const [, rpc] = endpoints.find(([path]) => path === "rpc") ?? [];
  const enabled = ofClient.map(([path, endpoint]) => [path, { enabled: true, ...endpoint }]);
  const { channels, methods } = namespaceSettings(core);
  return {
    ...(enabled.length > 0 && { client: { proxy: Object.fromEntries(enabled) } }),
    ...(ofChannels.length > 0 && { channel: { proxy: Object.fromEntries(ofChannels), ...channels } }),
    ...(rpc && { rpc: { proxy: rpc, ...methods } }),
  };
}

function endpointOf({ path, isStream }: ProxyEvent, options: ProxyConfigOptions, secret: SharedSecret) {
  const { timeout, httpHeaders, emulatedHeaders, grpcMetadata, binaryEncoding, streamUrl } = options;
  const url = (isStream ? streamUrl : undefined) ?? options.url;
  const { header, forConfig } = secret;
  const credentials = isHttp(url)
    ? { http: { static_headers: hideInLogs({ [header]: forConfig }, header) } }
    : { grpc: hideInLogs({ credentials_key: header, credentials_value: forConfig }, "credentials_value") };
  return {
    endpoint: isHttp(url) ? `${withoutTrailingSlashes(url)}/${path}` : url,
    ...(timeout && { timeout }),
    ...(httpHeaders && { http_headers: httpHeaders }),
    ...(emulatedHeaders && { emulated_headers: emulatedHeaders }),
    // Centrifugo finds no key with a capital.
    ...(grpcMetadata && { grpc_metadata: grpcMetadata.map((key) => key.toLowerCase()) }),
    include_connection_meta: true,
    ...(binaryEncoding && { binary_encoding: true }),
    ...(forConfig && credentials),
  };
}

const isHttp = (url: string) => /^https?:/i.test(url);

function checksFor({ header, forConfig }: SharedSecret): ReadonlyMap<string, OptionCheck> {
  const url: OptionCheck = (value) =>
    /^(?:https?|grpc):\/\/[^\s?#]+$/i.test(String(value)) ||
    "http://…, https://… or grpc://…, without ? and #";
  const headers: OptionCheck = (names) => {
    if (!Array.isArray(names) || !names.every((one) => typeof one === "string")) return "a list of names";
    const lower = names.map((name: string) => name.toLowerCase());
    if (forConfig && lower.includes(header))
      return `headers without ${header}, which has the secret: clients could send their own`;
    return !lower.includes("accept-encoding") || "headers without Accept-Encoding: answers could not be read";
  };
  return new Map([
    ["url", url],
    ["streamUrl", url],
    ["timeout", goDuration],
    ["httpHeaders", headers],
    ["emulatedHeaders", headers],
    ["grpcMetadata", headers],
    ["binaryEncoding", flag],
  ]);
}
