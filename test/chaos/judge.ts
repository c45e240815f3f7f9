import { createClient } from "tscent";
import type { ClientReport } from "./client/task.ts";
import { allChannels, outcome } from "./client/task.ts";
import type { Environment } from "./environment.ts";
import { apiKey } from "./servers/embedded.ts";

/** The lateness that timers may have. */
const allowedLatenessMs = 50;

/** The outcomes of a run's calls, compared with the histories. */
export interface Verdict {
  readonly calls: number;
  readonly succeeded: number;
  readonly maybeExecuted: number;
  readonly notExecuted: number;
  /** Calls that are in the histories more than once. */
  readonly duplicates: number;
  /** Calls that succeeded, and are not in the histories. */
  readonly lost: number;
  /** Calls whose errors say that they were not executed, and that are in the histories. */
  readonly wrong: number;
  readonly worstLatenessMs: number;
  /** The promises that were broken, in words. */
  readonly broken: readonly string[];
}

/** How often each call is in the histories of the servers, by its number. */
export async function countPublications({ directUrls }: Environment, calls: number): Promise<Uint8Array> {
  const counts = new Uint8Array(calls);
  for (const url of directUrls) {
    await using client = createClient({ url, apiKey, timeoutMs: 60_000 });
    for (const channel of allChannels) {
      const { publications } = await client.history({ channel, limit: -1 });
      for (const { data } of publications) counts[Number(data)] = (counts[Number(data)] ?? 0) + 1;
    }
  }
  return counts;
}

/** Compares the outcomes of calls with their counts in the histories. */
export function judge(report: ClientReport, counts: Uint8Array, everyCallMustSucceed: boolean): Verdict {
  const { outcomes, worstLatenessMs, faults, leftOpen } = report;
  const countCalls = (holds: (outcome: number, count: number) => boolean) =>
    outcomes.reduce((sum, ended, call) => sum + (holds(ended, counts[call] ?? 0) ? 1 : 0), 0);
  const ended = {
    calls: outcomes.length,
    succeeded: countCalls((how) => how === outcome.succeeded),
    maybeExecuted: countCalls((how) => how === outcome.maybeExecuted),
    notExecuted: countCalls((how) => how === outcome.notExecuted),
    duplicates: countCalls((_, count) => count > 1),
    lost: countCalls((how, count) => how === outcome.succeeded && count === 0),
    wrong: countCalls((how, count) => how === outcome.notExecuted && count > 0),
  };
  const failed = ended.calls - ended.succeeded;
  const promises: readonly (readonly [boolean, string])[] = [
    [ended.succeeded > 0, "no call succeeded"],
    [failed === 0 || !everyCallMustSucceed, `${failed} calls failed, though each was to succeed`],
    [ended.duplicates === 0, `${ended.duplicates} calls were executed more than once`],
    [ended.lost === 0, `${ended.lost} calls succeeded and were not executed`],
    [ended.wrong === 0, `${ended.wrong} calls were executed, though their errors say that they were not`],
    [
      worstLatenessMs <= allowedLatenessMs,
      `a call settled ${worstLatenessMs.toFixed(0)} ms after its deadline`,
    ],
    [leftOpen.length === 0, `left open after close(): ${leftOpen.join(", ")}`],
  ];
  const broken = promises.filter(([holds]) => !holds).map(([, words]) => words);
  return { ...ended, worstLatenessMs, broken: [...broken, ...new Set(faults)] };
}
