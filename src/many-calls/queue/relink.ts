import type { LatestCommands } from "./latest-commands.ts";
import type { QueuedCommand } from "./queued-command.ts";
import { follow } from "./queued-command.ts";

/**
 * Makes those of a request that are repeated wait for each other again, and what comes after the request wait for them
 * also where one between them was executed.
 */
export function relink<Command extends QueuedCommand>(
  request: readonly Command[],
  repeated: readonly Command[],
  latest: LatestCommands<Command>,
): void {
  for (const command of repeated) {
    command.request = repeated;
    // Those of the request, which did not wait, are linked anew.
    command.followers = command.followers?.filter(({ request }) => request === undefined);
  }
  const last = new Map<string, Command>();
  const after = new Set<Command>();
  for (const command of request) {
    const isRepeated = command.request === repeated;
    for (const channel of command.channels) {
      const before = last.get(channel);
      if (isRepeated) {
        if (before !== command) follow(before, command);
        last.set(channel, command);
      } else if (before !== undefined) latest.replace(channel, command, before);
    }
    if (isRepeated) continue;
    for (const follower of command.followers ?? []) if (follower.request === undefined) after.add(follower);
  }
  for (const command of after) {
    for (const channel of command.channels) follow(last.get(channel), command);
  }
}
