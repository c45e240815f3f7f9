import type { DescService } from "@bufbuild/protobuf";
import type { CentRequest } from "../call/request-types.ts";
import type { CentResult } from "../call/result-types.ts";
import type { Int64 } from "../codec/integers.ts";
import type { RunInput } from "../many-calls/runs/intake.ts";
import type { ManyRun } from "../many-calls/runs/many-run.ts";
import type { ManyOptions } from "../options/many-options.ts";
import type { CommandName, DefaultService, MethodName } from "../schema/service-types.ts";

/** The methods that a client has where its service has the RPC that they are made of. */
type IfHas<Name extends string, Service extends DescService, Methods> =
  Name extends CommandName<Service> ? Methods : unknown;

/** Methods for any number of publications and channels. */
export type ManyMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> = IfHas<
  "publish",
  Service,
  PublishMany<Service, Mode>
> &
  IfHas<"broadcast", Service, BroadcastMany<Service, Mode>>;

interface PublishMany<Service extends DescService, Mode extends Int64> {
  /**
   * Publishes all that the input gives, in batches, and gives an item for each publication in the order of the input.
   * The order within each channel is kept. Nothing is taken or sent before the run is iterated or awaited; to await it
   * gives the counts of what succeeded and failed.
   *
   * @throws CentRequestError for options that are not as they must be
   */
  publishMany(
    publications: RunInput<Requests<"publish", Service>>,
    options?: ManyOptions,
  ): ManyRun<ManyResult<"publish", Service, Mode>>;
}

interface BroadcastMany<Service extends DescService, Mode extends Int64> {
  /**
   * Publishes the same data to all channels that the input gives, in as many broadcasts as that takes, and gives an item
   * for each channel in the order of the input. Nothing is taken or sent before the run is iterated or awaited; to await
   * it gives the counts of what succeeded and failed.
   *
   * @throws CentRequestError for a request or options that are not as they must be
   */
  broadcastMany(
    channels: RunInput<string>,
    request: Omit<Requests<"broadcast", Service>, "channels">,
    options?: ManyOptions,
  ): ManyRun<ManyResult<"publish", Service, Mode>>;
}

type Requests<Name extends string, Service extends DescService> =
  Name extends MethodName<Service> ? CentRequest<Name, Service> : never;

type ManyResult<Name extends string, Service extends DescService, Mode extends Int64> =
  Name extends MethodName<Service> ? CentResult<Name, unknown, Service, Mode> : never;

/** `publishMany` and `broadcastMany` of a service that is known only at run time. */
export interface UntypedManyMethods {
  /** See `publishMany` of a client with types. */
  publishMany(publications: RunInput<object>, options?: ManyOptions): ManyRun<Record<string, unknown>>;
  /** See `broadcastMany` of a client with types. */
  broadcastMany(
    channels: RunInput<string>,
    request: object,
    options?: ManyOptions,
  ): ManyRun<Record<string, unknown>>;
}
