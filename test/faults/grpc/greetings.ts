import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { late, succeeds, unprocessed } from "../rules.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { data, frame, settings, words } from "../wire/frames.ts";
import { emptyResult, goodReply } from "../wire/grpc-reply.ts";

const silent = () => {};
const list: readonly Fault[] = [
  {
    title: "a greeting of DATA",
    start: ofFrames(silent, data(1, emptyResult)),
    ...unprocessed,
  },
  {
    title: "a greeting of SETTINGS with 5 bytes",
    start: ofFrames(silent, frame(4, 0, 0, words(1), 5)),
    ...unprocessed,
    options: { timeoutMs: 0, connectTimeoutMs: 80 },
  },
  { title: "a greeting of SETTINGS on a stream", start: ofFrames(silent, frame(4, 0, 1)), ...unprocessed },
  {
    title: "a greeting with a window above 2 GiB",
    start: ofFrames(silent, settings([4, 2 ** 32 - 1])),
    ...unprocessed,
  },
  {
    title: "a greeting with a largest frame of 0 bytes",
    start: ofFrames(silent, settings([5, 0])),
    ...unprocessed,
  },
  {
    title: "a greeting with unknown settings",
    start: ofFrames(({ write }) => write(goodReply(1)), settings([0x99, 7])),
    ...succeeds,
  },
  {
    title: "a greeting that permits no streams",
    start: ofFrames(silent, settings([3, 0])),
    publish: { ...late.publish, maybeExecuted: false },
    options: { timeoutMs: 150 },
    requests: 0,
  },
  {
    title: "a greeting that permits no streams, and a second one that does",
    start: ofFrames(({ write }) => write(goodReply(1)), Buffer.concat([settings([3, 0]), settings([3, 1])])),
    ...succeeds,
  },
];

export const greetings = over("grpc", list);
