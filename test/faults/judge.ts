import type { Expected, FaultMethod, FaultOf } from "./fault.ts";
import type { End, Report } from "./probe/report.ts";

/** Milliseconds that a call may settle past its deadline, beyond the delay of the event loop. */
const mostLateMs = 50;
/** Megabytes that a flood or an endless reply may take. */
const mostGrownMb = 150;

/** The rules that a report breaks, in words. */
export function judge(
  fault: FaultOf,
  method: FaultMethod,
  { ends, lateMs, left, grownMb, broken }: Report,
  requests: number | undefined,
): string[] {
  const expected = [fault[method] ?? []].flat();
  const complaints = [...broken];
  if (broken.length === 0 || ends.length > 0)
    complaints.push(...expected.flatMap((one, index) => judgeEnd(one, ends[index])));
  const ms = Math.max(0, ...ends.map((end) => end.ms));
  if (lateMs > mostLateMs) complaints.push(`settled ${lateMs.toFixed(0)} ms late`);
  if (left.length > 0) complaints.push(`left open: ${left.join(", ")}`);
  if (fault.isFlood && grownMb > (fault.mostMb ?? mostGrownMb))
    complaints.push(`took ${grownMb.toFixed(0)} MB`);
  if (ms < (fault.leastMs ?? 0)) complaints.push(`took only ${ms.toFixed(0)} ms`);
  if (ms > (fault.mostMs ?? Number.POSITIVE_INFINITY)) complaints.push(`took ${ms.toFixed(0)} ms`);
  if (fault.requests !== undefined && requests !== fault.requests)
    complaints.push(`${requests} requests reached the server instead of ${fault.requests}`);
  return complaints;
}

function judgeEnd(expected: Expected, end: End | undefined): string[] {
  if (end === undefined) return ["the call has no end"];
  const { error, maybeExecuted, attempts } = end;
  const names = [expected.error].flat();
  const isRight =
    names.includes(error) &&
    (error === undefined || (maybeExecuted === expected.maybeExecuted && attempts === expected.attempts));
  return isRight ? [] : [`got ${shown(end)} instead of ${shown(expected)}: ${end.message}`];
}

/** The end of a call in a few characters. */
export function shown({ error, maybeExecuted, attempts }: Expected | End): string {
  if (error === undefined) return "success";
  const name = [error].flat().join(" or ");
  return `${name} ${maybeExecuted ? "maybe" : "not"} executed ${attempts}x`;
}
