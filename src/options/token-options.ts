import type { FilterNode, SubscribeOptionOverride } from "../../gen/centrifugal/centrifugo/api/api_types.ts";
import type { Duration, Time } from "./time-checks.ts";

/** Whom a token is for: a user's id, the claim `sub`; or nobody, if that is said. */
export type TokenUser =
  | { readonly user: string; readonly anonymous?: undefined }
  | { readonly anonymous: true; readonly user?: undefined };

/** How long a token is valid, the claim `exp`: seconds, "1h" or `false` for ever; or a time in the future. */
export type Expiry =
  | { readonly expiresIn: number | Duration | false; readonly expiresAt?: undefined }
  | { readonly expiresAt: Time; readonly expiresIn?: undefined };

/** Claims of both kinds of tokens. The claim `iat` is always the present time. */
export interface RegisteredClaims {
  /** `expire_at`: the end of the connection or subscription, if not the token's. `false`: never; nothing is renewed then. */
  readonly expireAt?: Time | false | undefined;
  /** `nbf`: from when on the token is valid. Before, Centrifugo answers "token expired" (109). */
  readonly notBefore?: Time | undefined;
  /** `jti`: an id, by which Centrifugo PRO's `revokeToken` revokes the token. */
  readonly jti?: string | undefined;
  /** `aud`. Default: the `audience` of `createTokens`. */
  readonly audience?: string | readonly string[] | undefined;
  /** `iss`. Default: the `issuer` of `createTokens`. */
  readonly issuer?: string | undefined;
}

/** Claims of one subscription. */
export interface SubscribeClaims {
  /** `info`, or `b64info` for a Uint8Array: what others see of the subscriber in the channel. */
  readonly info?: unknown;
  /** `data`, or `b64data` for a Uint8Array: what the client gets with the subscription. */
  readonly data?: unknown;
  /** `override`: options that differ from the namespace's. */
  readonly override?: SubscribeOptionOverride | undefined;
  /** `server_tags_filter` of Centrifugo PRO: which publications arrive, by their tags. */
  readonly serverTagsFilter?: FilterNode | undefined;
}

/** Rights of the connection in some channels, with Centrifugo PRO. */
export interface Capability {
  readonly channels: readonly string[];
  /** How `channels` match. Default: they are names. */
  readonly match?: "wildcard" | "regex" | undefined;
  /** Whether clients may subscribe, publish, read presence and history. */
  readonly allow: readonly ("sub" | "pub" | "prs" | "hst")[];
}

/** Claims of a connection token. */
export interface ConnectionClaims extends RegisteredClaims {
  /** `info`, or `b64info` for a Uint8Array: what others see of the connection in presence, joins and publications. */
  readonly info?: unknown;
  /** `channels` to which Centrifugo subscribes the connection. They permit no subscriptions by the client. */
  readonly channels?: readonly string[] | undefined;
  /** `subs`: such channels, each with options. Refused beside `channels`, which Centrifugo then ignores. */
  readonly subs?: Readonly<Record<string, SubscribeClaims>> | undefined;
  /** `meta`: a JSON object that only the server and its proxies see. */
  readonly meta?: object | undefined;
  /** `caps` of Centrifugo PRO. */
  readonly caps?: readonly Capability[] | undefined;
  /** `labels` of Centrifugo PRO: texts by which publications are filtered. */
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Claims of a subscription token. */
export interface SubscriptionClaims extends RegisteredClaims, SubscribeClaims {
  /** `allow` of Centrifugo PRO: whether the subscriber may publish, read history and presence. */
  readonly allow?: readonly ("pub" | "hst" | "prs")[] | undefined;
  /** `client`: the id of the one connection that may use the token. Centrifugo has deprecated it. */
  readonly client?: string | undefined;
}

/** A connection token: `user` or `anonymous`, `expiresIn` or `expiresAt`, and claims. */
export type ConnectionTokenOptions = TokenUser & Expiry & ConnectionClaims;
/** A subscription token: as a connection token, with the `channel` that the client may subscribe to. */
export type SubscriptionTokenOptions = TokenUser & Expiry & SubscriptionClaims & { readonly channel: string };
/** The `keys` of a shared-poll channel that the user may track, in the order in which the client names them. */
export type TrackSignatureOptions = TokenUser &
  Expiry & { readonly channel: string; readonly keys: readonly string[] };

type Lifetime = { readonly expiresIn?: number | Duration | undefined; readonly expiresAt?: Time | undefined };
type Answer<Claims> = boolean | (Claims & Lifetime) | Promise<boolean | (Claims & Lifetime)>;
type Asked = { readonly user: string; readonly request: Request };
type User = string | null | undefined;

/** Decides who gets which token of an endpoint. Only `true` or claims are a yes. */
export interface EndpointOptions {
  /** The id of the user who sent the request, as by its session; without one the answer is 403. */
  readonly user: (request: Request) => User | Promise<User>;
  /** Whether a request without a user gets tokens for nobody, with `user: ""` for the functions. Default false. */
  readonly anonymous?: boolean | undefined;
  /** Whether the user may connect, or claims of the token. Default: each user may. */
  readonly connection?: ((asked: Asked) => Answer<ConnectionClaims>) | undefined;
  /** Whether the user may subscribe to a channel, or claims of the token. Default: nobody may. */
  readonly subscription?:
    | ((asked: Asked & { readonly channel: string }) => Answer<SubscriptionClaims>)
    | undefined;
  /** How long tokens are valid, unless their claims say it: seconds or a text. Default "1h". */
  readonly expiresIn?: number | Duration | undefined;
}
