/** An error followed by its chain of causes; empty for a value that is not an error. */
export function errorChain(thrown: unknown): Error[] {
  const chain = new Set<Error>();
  for (let link = thrown; link instanceof Error && !chain.has(link); link = link.cause) chain.add(link);
  return [...chain];
}
