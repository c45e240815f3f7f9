import { statuses } from "./both/statuses.ts";
import type { FaultOf } from "./fault.ts";
import { frames } from "./grpc/frames.ts";
import { goaways } from "./grpc/goaway.ts";
import { greetings } from "./grpc/greetings.ts";
import { headerFrames } from "./grpc/header-frames.ts";
import { pushes } from "./grpc/push.ts";
import { resets } from "./grpc/resets.ts";
import { grpcStatuses } from "./grpc/statuses.ts";

/** All faults, in the order of the table. */
export const faults: readonly FaultOf[] = [
  ...statuses,
  ...greetings,
  ...headerFrames,
  ...frames,
  ...goaways,
  ...resets,
  ...pushes,
  ...grpcStatuses,
];
