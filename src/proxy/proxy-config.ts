import { didYouMean } from "../codec/did-you-mean.ts";
import { withoutTrailingSlashes } from "../transport/trailing-slashes.ts";
import type { HiddenSecret } from "./hidden-secret.ts";
import { namespaceSettings } from "./namespace-settings.ts";
import type { ProxyCore } from "./proxy-core.ts";
import type { SharedSecret } from "./shared-secret.ts";

/** Options of `proxy.config()`. */
export interface ProxyConfigOptions {
  /** Where Centrifugo finds the proxy: `http://app:3000/centrifugo`, `https://…`, or `grpc://app:3001` for gRPC. */
  readonly url: string;
  /** Where it finds streams, which go over gRPC only, if `url` is another protocol: `grpc://app:3001`. */
  readonly streamUrl?: string | undefined;
  /** How long Centrifugo waits for an answer, such as `"3s"`. Its default is one second. */
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

/** How Centrifugo reaches one event. */
export interface ProxyEndpoint {
  readonly enabled?: true;
  readonly endpoint: string;
  readonly timeout?: string;
  readonly http_headers?: readonly string[];
  readonly emulated_headers?: readonly string[];
  readonly grpc_metadata?: readonly string[];
  readonly include_connection_meta: true;
  readonly binary_encoding?: true;
  readonly http?: { readonly static_headers: Readonly<Record<string, HiddenSecret>> };
  readonly grpc?: { readonly credentials_key: string; readonly credentials_value: HiddenSecret };
}

type Endpoints = Readonly<Record<string, ProxyEndpoint>>;

/** A part of Centrifugo's config.json. */
export interface ProxyConfig {
  readonly client?: { readonly proxy: Endpoints };
  readonly channel?: {
    readonly proxy: Endpoints;
    readonly without_namespace?: object;
    readonly namespaces?: object[];
  };
  readonly rpc?: {
    readonly proxy: ProxyEndpoint;
    readonly without_namespace?: object;
    readonly namespaces?: object[];
  };
}

const optionNames = [
  "url",
  "streamUrl",
  "timeout",
  "httpHeaders",
  "emulatedHeaders",
  "grpcMetadata",
  "binaryEncoding",
];

/** Makes the part of Centrifugo's configuration that turns a proxy's events on. @throws TypeError for wrong options */
export function proxyConfig(core: ProxyCore, options: ProxyConfigOptions): ProxyConfig {
  checkOptions(options, core.secret);
  const { url, streamUrl = url } = options;
  const endpoints = new Map<string, ProxyEndpoint>();
  for (const { name, path, isStream } of core.events) {
    if (!core.handlers.has(name)) continue;
    const address = isStream ? streamUrl : url;
    if (isStream && isHttp(address)) throw wrong("streamUrl", `${name} goes over gRPC: expected grpc://…`);
    endpoints.set(path, endpointAt(address, path, options, core.secret));
  }
  const { channels, methods } = namespaceSettings(core);
  const [rpc, ofClient, ofChannels] = [endpoints.get("rpc"), {}, {}] as [
    ProxyEndpoint | undefined,
    Record<string, ProxyEndpoint>,
    Record<string, ProxyEndpoint>,
  ];
  for (const [path, endpoint] of endpoints) {
    if (path === "connect" || path === "refresh") ofClient[path] = { enabled: true, ...endpoint };
    else if (path !== "rpc") ofChannels[path] = endpoint;
  }
  const isAny = (record: object) => Object.keys(record).length > 0;
  return {
    ...(isAny(ofClient) ? { client: { proxy: ofClient } } : {}),
    ...(isAny(ofChannels) ? { channel: { proxy: ofChannels, ...channels } } : {}),
    ...(rpc === undefined ? {} : { rpc: { proxy: rpc, ...methods } }),
  };
}

function endpointAt(
  url: string,
  path: string,
  { timeout, httpHeaders, emulatedHeaders, grpcMetadata, binaryEncoding }: ProxyConfigOptions,
  { header, forConfig }: SharedSecret,
): ProxyEndpoint {
  const secret = isHttp(url)
    ? forConfig && { http: { static_headers: { [header]: forConfig } } }
    : forConfig && { grpc: { credentials_key: header, credentials_value: forConfig } };
  return {
    endpoint: isHttp(url) ? `${withoutTrailingSlashes(url)}/${path}` : url,
    ...(timeout === undefined ? {} : { timeout }),
    ...(httpHeaders === undefined ? {} : { http_headers: httpHeaders }),
    ...(emulatedHeaders === undefined ? {} : { emulated_headers: emulatedHeaders }),
    // Centrifugo finds no key with a capital.
    ...(grpcMetadata === undefined ? {} : { grpc_metadata: grpcMetadata.map((key) => key.toLowerCase()) }),
    include_connection_meta: true,
    ...(binaryEncoding ? { binary_encoding: true } : {}),
    ...secret,
  };
}

const isHttp = (url: string) => /^https?:\/\//i.test(url);

function checkOptions(options: ProxyConfigOptions, { header, forConfig }: SharedSecret): void {
  if (typeof options !== "object" || options === null)
    throw new TypeError("config: expected an object with a url");
  for (const name of Object.keys(options)) {
    const guess = didYouMean(name, optionNames) ?? `expected one of ${optionNames.join(", ")}`;
    if (!optionNames.includes(name)) throw wrong(name, `unknown option; ${guess}`);
  }
  for (const name of ["url", "streamUrl"] as const) {
    const url: unknown = options[name];
    if (url === undefined && name === "streamUrl") continue;
    if (typeof url !== "string" || !/^(?:https?|grpc):\/\/[^\s?#]+$/i.test(url))
      throw wrong(name, "expected http://…, https://… or grpc://…, without ? and #");
  }
  for (const name of ["httpHeaders", "emulatedHeaders", "grpcMetadata"] as const) {
    const names: unknown = options[name] ?? [];
    if (!Array.isArray(names) || !names.every((one) => typeof one === "string"))
      throw wrong(name, "expected a list of names");
    const lower = names.map((one: string) => one.toLowerCase());
    if (forConfig !== undefined && lower.includes(header))
      throw wrong(name, `clients could send ${header}, the header of the secret`);
    if (lower.includes("accept-encoding"))
      throw wrong(name, "Centrifugo could not read answers with Accept-Encoding of a client");
  }
}

const wrong = (option: string, problem: string) => new TypeError(`config: ${option}: ${problem}`);
