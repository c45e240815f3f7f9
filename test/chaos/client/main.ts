// The client of a run, in its own process: it shares no event loop with the servers, and must end by itself.
import { setTimeout as delay } from "node:timers/promises";
import { createClient } from "tscent";
import { PublishAll } from "./publish-all.ts";
import type { ClientReport, ClientTask } from "./task.ts";
import { modes } from "./task.ts";

/** Time for sockets to close after `close()`. */
const closingMs = 100;

const unhandled: string[] = [];
process.on("unhandledRejection", (reason) => unhandled.push(`unhandled rejection: ${reason}`));

process.once("message", async (task: ClientTask) => {
  const { transport, url, apiKey, mode } = task;
  const before = process.getActiveResourcesInfo();
  const client = createClient({ transport, url, apiKey, ...modes[mode] });
  const { faults, ...result } = await new PublishAll(client, task).run();
  await client.close();
  await delay(closingMs);
  const report: ClientReport = {
    ...result,
    faults: [...faults, ...unhandled],
    leftOpen: added(before, process.getActiveResourcesInfo()),
  };
  process.send?.(report, () => process.disconnect());
});

/** The resources of the second list that are not in the first. */
function added(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before];
  return after.filter((name) => {
    const at = left.indexOf(name);
    if (at === -1) return true;
    left.splice(at, 1);
    return false;
  });
}
