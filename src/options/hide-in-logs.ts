/**
 * Hides secrets of an object in logs, alone and inside of others. `JSON.stringify` still writes them.
 *
 * @param names the fields with secrets
 * @returns the same object
 */
export function hideInLogs<Section extends object>(section: Section, ...names: readonly string[]): Section {
  const shown = ([name, value]: [string, unknown]) => [name, names.includes(name) ? "(secret)" : value];
  const forLog = (): object => Object.fromEntries(Object.entries(section).map(shown));
  return Object.defineProperty(section, Symbol.for("nodejs.util.inspect.custom"), { value: forLog });
}
