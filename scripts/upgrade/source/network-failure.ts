const meanings: Readonly<Record<string, string>> = {
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up; is there a network?",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was lost",
  UND_ERR_SOCKET: "the connection was lost",
  UND_ERR_CONNECT_TIMEOUT: "no connection was made in time",
  ENETUNREACH: "the network cannot be reached",
  EHOSTUNREACH: "the host cannot be reached",
  ERR_INVALID_URL: "that is not a URL",
};

/** Says why `fetch` failed: what it throws itself says no more than "fetch failed". */
export function networkFailure(error: unknown): string {
  const causes = [...causesOf(error)];
  const code = causes
    .map((cause) => (cause as NodeJS.ErrnoException).code)
    .find((value) => value !== undefined);
  const message = causes.map(({ message: text }) => text).findLast((text) => text !== "") ?? String(error);
  if (code === undefined) return message;
  return meanings[code] === undefined ? `${message} (${code})` : `${meanings[code]} (${code})`;
}

function* causesOf(error: unknown): Generator<Error> {
  if (!(error instanceof Error)) return;
  yield error;
  yield* causesOf(error.cause);
  // Where a host has several addresses, each has failed in its own way.
  if (error instanceof AggregateError) yield* causesOf(error.errors[0]);
}
