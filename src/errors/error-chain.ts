/** An error and what it was caused by, as far as that goes; nothing for a value that is no error. */
export function errorChain(thrown: unknown): Error[] {
  const chain = new Set<Error>();
  for (let link = thrown; link instanceof Error && !chain.has(link); link = link.cause) chain.add(link);
  return [...chain];
}
