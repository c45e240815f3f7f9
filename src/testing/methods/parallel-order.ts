/**
 * Runs the tasks of a broadcast or a parallel batch. The server runs them at once, in no reliable order. Mostly the last one
 * comes first and the others follow in turn, so that is the order here. The results keep the order of the tasks.
 */
export function runParallel<T, R>(tasks: readonly T[], run: (task: T, index: number) => R): R[] {
  const results: R[] = [];
  const last = tasks.length - 1;
  tasks.slice(-1).forEach((task) => {
    results[last] = run(task, last);
  });
  tasks.slice(0, -1).forEach((task, index) => {
    results[index] = run(task, index);
  });
  return results;
}
