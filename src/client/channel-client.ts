import type { DescService } from "@bufbuild/protobuf";
import type { CentRequest } from "../call/request-types.ts";
import type { CentResult } from "../call/result-types.ts";
import type { ChannelName, DefinedPublication, ReadData, SentData } from "../channels/data-types.ts";
import type { DefinedChannels } from "../channels/define-channels.ts";
import type { Int64 } from "../codec/integers.ts";
import type { RunInput } from "../many-calls/runs/intake.ts";
import type { ManyRun } from "../many-calls/runs/many-run.ts";
import type { CallOptions } from "../options/call-options.ts";
import type { ManyOptions } from "../options/many-options.ts";
import type { DefaultService, IsDefault, IsUntyped, MethodName } from "../schema/service-types.ts";
import type { CentClient } from "./client-types.ts";

declare const defined: unique symbol;

/** A client that was created with `channels`. Its methods take and give the data that the channels define. */
export type ChannelClient<
  Defined extends DefinedChannels,
  Service extends DescService = DefaultService,
  Mode extends Int64 = "number",
> = (IsUntyped<Service> extends true
  ? CentClient<Service, Mode>
  : Omit<CentClient<Service, Mode>, keyof ChannelMethods<Defined, Service, Mode>> &
      // An editor shows no comments on the methods of a type that is computed.
      (IsDefault<Service> extends true
        ? ChannelMethods<Defined, Service, Mode>
        : Pick<
            ChannelMethods<Defined, Service, Mode>,
            keyof ChannelMethods<Defined, Service, Mode> & keyof CentClient<Service, Mode>
          >)) &
  Mark<Defined, Mode>;

/** Exists in types only, for `paginate`. */
interface Mark<Defined, Mode> {
  readonly [defined]: { readonly channels: Defined; readonly int64: Mode };
}

type Requests<Name, Service extends DescService> =
  Name extends MethodName<Service> ? CentRequest<Name, Service> : never;

type Results<Name, Service extends DescService, Mode extends Int64, Data = unknown> =
  Name extends MethodName<Service> ? CentResult<Name, Data, Service, Mode> : never;

/** A request with a channel and its data in place of others of any type. */
export type ChannelRequest<Request, Fields> = Omit<Request, keyof Fields> & Readonly<Fields>;

type Publications<Request, Publication> = Publication extends unknown
  ? ChannelRequest<Request, Publication>
  : never;

interface ChannelMethods<Defined extends DefinedChannels, Service extends DescService, Mode extends Int64> {
  /** Publishes `data` to `channel`. Data that the schema refuses is a CentRequestError, and is not sent. */
  publish<const Name extends ChannelName<Defined>>(
    request: ChannelRequest<Requests<"publish", Service>, { channel: Name; data: SentData<Defined, Name> }>,
    options?: CallOptions,
  ): Promise<Results<"publish", Service, Mode>>;
  /** Publishes the same `data` to many `channels`. The schema of each channel must take it. */
  broadcast<const Name extends ChannelName<Defined>>(
    request: ChannelRequest<
      Requests<"broadcast", Service>,
      { channels: readonly Name[]; data: SentData<Defined, Name> }
    >,
    options?: CallOptions,
  ): Promise<Results<"broadcast", Service, Mode>>;
  /** Returns publications of `channel` with their data, and the top position. `limit` defaults to 0: no publications. */
  history<const Name extends ChannelName<Defined>>(
    request: ChannelRequest<Requests<"history", Service>, { channel: Name }>,
    options?: CallOptions,
  ): Promise<Results<"history", Service, Mode, ReadData<Defined, Name>>>;
  /** Publishes all values of an iterable, in batches. A value that the schema refuses is a failed item. */
  publishMany(
    publications: RunInput<Publications<Requests<"publish", Service>, DefinedPublication<Defined>>>,
    options?: ManyOptions,
  ): ManyRun<Results<"publish", Service, Mode>>;
  /** Publishes the same data to all channels of an iterable. A channel whose schema refuses the data is a failed item. */
  broadcastMany<const Name extends ChannelName<Defined>>(
    channels: RunInput<Name>,
    request: ChannelRequest<
      Omit<Requests<"broadcast", Service>, "channels">,
      { data: SentData<Defined, Name> }
    >,
    options?: ManyOptions,
  ): ManyRun<Results<"publish", Service, Mode>>;
}

/** The `history` of a {@link ChannelClient}, or of a mock of one. */
export type HistoryReader<Defined extends DefinedChannels, Mode extends Int64> = Pick<
  ChannelMethods<Defined, DefaultService, Mode>,
  "history"
> &
  Mark<Defined, Mode>;
