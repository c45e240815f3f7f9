import type { Fault } from "../fault.ts";
import { over } from "../fault.ts";
import { late, succeeds, unprocessed } from "../rules.ts";
import { ofFrames } from "../wire/frame-server.ts";
import { data, frame, settings, words } from "../wire/frames.ts";
import { emptyResult, goodReply } from "../wire/grpc-reply.ts";

const silent = () => {};
const list: readonly Fault[] = [
  {
    title: "the greeting is DATA",
    start: ofFrames(silent, data(1, emptyResult)),
    ...unprocessed,
  },
  {
    title: "the greeting has a SETTINGS of 5 bytes",
    start: ofFrames(silent, frame(4, 0, 0, words(1), 5)),
    ...unprocessed,
    options: { timeoutMs: 0, connectTimeoutMs: 80 },
  },
  { title: "the greeting is SETTINGS on a stream", start: ofFrames(silent, frame(4, 0, 1)), ...unprocessed },
  {
    title: "the greeting has a window of 2 GiB and more",
    start: ofFrames(silent, settings([4, 2 ** 32 - 1])),
    ...unprocessed,
  },
  {
    title: "the greeting has frames of no bytes at most",
    start: ofFrames(silent, settings([5, 0])),
    ...unprocessed,
  },
  {
    title: "the greeting has settings that nobody knows",
    start: ofFrames(({ write }) => write(goodReply(1)), settings([0x99, 7])),
    ...succeeds,
  },
  {
    title: "the greeting permits no streams",
    start: ofFrames(silent, settings([3, 0])),
    publish: { ...late.publish, maybeExecuted: false },
    options: { timeoutMs: 150 },
    requests: 0,
  },
  {
    title: "the greeting permits no streams, and a later one does",
    start: ofFrames(({ write }) => write(goodReply(1)), Buffer.concat([settings([3, 0]), settings([3, 1])])),
    ...succeeds,
  },
];

export const greetings = over("grpc", list);
