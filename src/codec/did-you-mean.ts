/**
 * `did you mean channel?` for a misspelt name, or undefined if no known name is near. A name is near if one change in
 * 3.5 characters gives it. Case and underscores do not count, so `skip_history` finds `skipHistory`.
 */
export function didYouMean(name: string, known: Iterable<string>): string | undefined {
  if (name.length > 40) return undefined;
  const near = [...known]
    .map((other) => ({ other, changes: changesBetween(plain(name), plain(other)) }))
    .sort((a, b) => a.changes - b.changes)[0];
  return near && near.changes <= Math.max(1, plain(name).length / 3.5)
    ? `did you mean ${near.other}?`
    : undefined;
}

const plain = (name: string) => name.replaceAll(/[_-]/g, "").toLowerCase();

/** The characters to insert, delete or replace, and the neighbours to swap, to make `b` of `a`. */
function changesBetween(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row++) {
    const changes = [row];
    rows.push(changes);
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const isSwap = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const replaced = at(row - 1, column - 1) + (isSame ? 0 : 1);
      const swapped = isSwap ? at(row - 2, column - 2) + 1 : replaced;
      changes.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, replaced, swapped));
    }
  }
  return at(a.length, b.length);
}
