import type {
  PublishRequest,
  PublishResult,
  RPCRequest,
  RPCResult,
} from "../../../gen/centrifugal/centrifugo/proxy/proxy_types.ts";
import type { ChannelOutput, NamesOf, SentData } from "../../channels/data-types.ts";
import type { DefinedChannels, DefinedMethods } from "../../channels/define-channels.ts";
import type { Int64 } from "../../codec/integers.ts";
import type { AccessHandler } from "../handler-types.ts";
import type { ProxyOptions } from "../proxy-options.ts";

/** The definitions by which a proxy checks the data of clients. */
export interface Definitions<Defined = DefinedChannels, Rpc = DefinedMethods> {
  /**
   * The data of channels, as `defineChannels` makes it. A publication that its schema refuses gets error 107, and the
   * handlers of `publish` do not see it. `onError` gets the schema's complaint.
   */
  readonly channels?: Defined | undefined;
  /** The data of RPC methods, as `defineMethods` makes it. Bad data is refused in the same way. */
  readonly methods?: Rpc | undefined;
}

type WithData<Type, Data> = Omit<Type, "data"> & { data: Data };
type WithSentData<Type, Data> = Omit<Type, "data"> & { readonly data?: Data | undefined };

/** Options of `createProxy` with `channels` or `methods`. The handlers' `request.data` is what the schema gives. */
export type DefinedProxyOptions<
  Defined extends DefinedChannels,
  Rpc extends DefinedMethods,
  Published extends string,
  Called extends string,
  Mode extends Int64,
> = Omit<ProxyOptions<Mode>, "publish" | "rpc"> &
  (Definitions<Defined, Rpc> & ({ readonly channels: Defined } | { readonly methods: Rpc })) & {
    /** Decides whether a client may publish to a channel, and may change its data. */
    readonly publish?:
      | {
          readonly [Pattern in Published]: AccessHandler<
            WithData<PublishRequest, ChannelOutput<Defined, NamesOf<Pattern>>>,
            WithSentData<PublishResult, SentData<Defined, NamesOf<Pattern>>>
          >;
        }
      | undefined;
    /** Answers a client's call of a method. */
    readonly rpc?:
      | {
          readonly [Pattern in Called]: AccessHandler<
            WithData<RPCRequest, ChannelOutput<Rpc, NamesOf<Pattern>>>,
            RPCResult
          >;
        }
      | undefined;
  };
