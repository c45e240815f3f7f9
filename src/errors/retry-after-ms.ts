/** The milliseconds in a Retry-After header, which has seconds or a date. */
export function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  // Date.parse accepts nearly anything, even "1.5".
  const date = value.endsWith(" GMT") ? Date.parse(value) : Number.NaN;
  const ms = /^[0-9]+$/.test(value) ? Number(value) * 1_000 : date - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}
