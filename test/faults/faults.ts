import { brokenTls } from "./both/broken-tls.ts";
import { connects } from "./both/connects.ts";
import { endlessReplies } from "./both/endless-replies.ts";
import { sockets } from "./both/sockets.ts";
import { staleSockets } from "./both/stale-sockets.ts";
import { statuses } from "./both/statuses.ts";
import { tlsFaults } from "./both/tls.ts";
import { unknownFields } from "./both/unknown-fields.ts";
import type { FaultOf } from "./fault.ts";
import { grpcFloods } from "./grpc/floods.ts";
import { frames } from "./grpc/frames.ts";
import { goaways } from "./grpc/goaway.ts";
import { greetings } from "./grpc/greetings.ts";
import { headerFrames } from "./grpc/header-frames.ts";
import { pushes } from "./grpc/push.ts";
import { resets } from "./grpc/resets.ts";
import { grpcStatuses } from "./grpc/statuses.ts";
import { httpBodies } from "./http/bodies.ts";
import { httpFloods } from "./http/floods.ts";
import { httpHeads } from "./http/heads.ts";
import { httpLengths } from "./http/lengths.ts";

/** All faults, in the order of the table. */
export const faults: readonly FaultOf[] = [
  ...statuses,
  ...connects,
  ...tlsFaults,
  ...brokenTls,
  ...sockets,
  ...staleSockets,
  ...httpHeads,
  ...httpLengths,
  ...httpBodies,
  ...greetings,
  ...headerFrames,
  ...frames,
  ...goaways,
  ...resets,
  ...pushes,
  ...grpcStatuses,
  ...endlessReplies,
  ...unknownFields,
  ...httpFloods,
  ...grpcFloods,
];
