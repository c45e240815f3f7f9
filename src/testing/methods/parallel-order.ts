/**
 * Runs the tasks of a broadcast or a parallel batch. The server runs them at once, in an order nobody may rely on; what
 * it mostly comes to is the last one first and then the others in turn, so that is the order here. Results stay in place.
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
