import { expect, test } from "vitest";

/** Exchanges that a test leaves out, by reason. */
export type LeftOut = Readonly<Record<string, readonly string[]>>;

/** Tests that each exchange passes `check`. An exchange that is left out must fail it, so the list stays exact. */
export function testEach<Exchange>(
  exchanges: readonly (readonly [id: string, Exchange])[],
  leftOut: LeftOut,
  check: (exchange: Exchange) => void | Promise<void>,
): void {
  const reasons = Object.entries(leftOut).flatMap(([reason, ids]) => ids.map((id) => [id, reason] as const));
  const left = new Map(reasons);
  test("each exchange that is left out is recorded, and listed once", () => {
    const known = new Set(exchanges.map(([id]) => id));
    expect(reasons.filter(([id]) => !known.has(id))).toEqual([]);
    expect(left.size).toBe(reasons.length);
  });
  test.each(exchanges)("the exchange %s passes, or is left out for a reason", async (id, exchange) => {
    const checked = (async () => check(exchange))();
    const reason = left.get(id);
    if (reason === undefined) await checked;
    else await expect(checked, `passes, though left out as "${reason}"`).rejects.toThrow();
  });
}
