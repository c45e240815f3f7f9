/** The median of several measurements, with the least and the most. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low = Number.NaN, high = Number.NaN] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return { median: (low + high) / 2, min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}

/** The spread of the ratios within each round. A disturbance of a whole round cancels out. */
export function paired(
  some: readonly number[],
  others: readonly number[],
  compare: (one: number, other: number) => number,
): Spread {
  return spread(some.map((one, round) => compare(one, others[round] ?? Number.NaN)));
}
