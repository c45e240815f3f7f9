import type { Message } from "@bufbuild/protobuf";
import type { Method } from "../../schema/method-table.ts";
import type { BatchKind } from "./batch-kind.ts";

/** What a command is. */
export type CommandInit = Pick<QueuedCommand, "method" | "message" | "kind" | "channels" | "size">;

const nothing: Message = { $typeName: "" };

/** A command on its way to the server, for whoever is told what comes of it. */
export abstract class QueuedCommand {
  readonly method: Method;
  /** Not what it was, once it is forgotten. */
  message: Message;
  /** The channels that it is about. */
  readonly channels: readonly string[];
  /** In bytes, at most. */
  readonly size: number;
  kind: BatchKind;
  /** Nobody waits for it any more. It is not sent, unless it was already. */
  gone = false;

  // What follows is the business of CommandQueue.
  order = 0;
  /** How many earlier commands it has to wait for; none that is in the same request. */
  blockers = 0;
  /** The commands that came next on its channels, if any, until it was executed. */
  followers: this[] | undefined;
  /** The request that it is in, or was. */
  request: readonly this[] | undefined;

  constructor({ method, message, kind, channels, size }: CommandInit) {
    this.method = method;
    this.message = message;
    this.kind = kind;
    this.channels = channels;
    this.size = size;
  }

  /** Lets go of what it takes to send it, as it will not be. */
  forget(): void {
    this.message = nothing;
  }

  /** Takes the response, which is one of the method's own. */
  abstract resolve(response: Message): void;
  /** Takes what a transport threw. */
  abstract reject(thrown: unknown): void;
}

/** Lets a command wait for the one before it, if there is one. */
export function follow<Command extends QueuedCommand>(before: Command | undefined, command: Command): void {
  if (before === undefined) return;
  if (before.followers === undefined) before.followers = [command];
  else before.followers.push(command);
  command.blockers++;
}
