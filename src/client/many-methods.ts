import type { DescService } from "@bufbuild/protobuf";
import type { CentRequest } from "../call/request-types.ts";
import type { CentResult } from "../call/result-types.ts";
import type { Int64 } from "../codec/integers.ts";
import type { RunInput } from "../many-calls/runs/intake.ts";
import type { ManyRun } from "../many-calls/runs/many-run.ts";
import type { ManyOptions } from "../options/many-options.ts";
import type { CommandName, DefaultService, MethodName } from "../schema/service-types.ts";

/** `Methods` if the service has the command `Name`; otherwise no methods. */
type IfHas<Name extends string, Service extends DescService, Methods> =
  Name extends CommandName<Service> ? Methods : unknown;

/** `publishMany` and `broadcastMany`. */
export type ManyMethods<Service extends DescService = DefaultService, Mode extends Int64 = "number"> = IfHas<
  "publish",
  Service,
  PublishMany<Service, Mode>
> &
  IfHas<"broadcast", Service, BroadcastMany<Service, Mode>>;

interface PublishMany<Service extends DescService, Mode extends Int64> {
  /**
   * Publishes all values of an iterable or async iterable, in batches. Publications to one channel keep their order.
   * The run begins by itself at the end of the turn of the event loop. `await` gives its counts. `for await` gives an item
   * for each publication, in input order, and begins in the turn in which the run was made.
   *
   * @throws CentRequestError for a wrong option
   */
  publishMany(
    publications: RunInput<Requests<"publish", Service>>,
    options?: ManyOptions,
  ): ManyRun<ManyResult<"publish", Service, Mode>>;
}

interface BroadcastMany<Service extends DescService, Mode extends Int64> {
  /**
   * Publishes the same data to all channels of an iterable or async iterable, in broadcasts. The run begins by itself at
   * the end of the turn of the event loop. `await` gives its counts. `for await` gives an item for each channel, in input
   * order, and begins in the turn in which the run was made.
   *
   * @throws CentRequestError for a wrong request or option
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

/** `publishMany` and `broadcastMany` of a service that is loaded at run time. */
export interface UntypedManyMethods {
  /** See `publishMany` of {@link ManyMethods}. */
  publishMany(publications: RunInput<object>, options?: ManyOptions): ManyRun<Record<string, unknown>>;
  /** See `broadcastMany` of {@link ManyMethods}. */
  broadcastMany(
    channels: RunInput<string>,
    request: object,
    options?: ManyOptions,
  ): ManyRun<Record<string, unknown>>;
}
