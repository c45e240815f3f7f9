import { UpgradeError } from "./upgrade-error.ts";

const timeoutMs = 30_000;

/**
 * Downloads a text; redirects are followed.
 *
 * @param missing what status 404 means
 * @throws UpgradeError that says what went wrong at which address
 */
export async function download(
  url: string,
  signal: AbortSignal,
  missing = "there is no such file",
): Promise<string> {
  return await request(url, signal, "follow", async (reply) => {
    if (reply.status === 404) throw new UpgradeError(`${missing} (status 404 from ${url})`);
    if (!reply.ok) throw new UpgradeError(`${url}: expected status 200, got ${reply.status}`);
    return await reply.text();
  });
}

/**
 * The newest release of Centrifugo, with the `v`: the page of the newest release redirects to that of its tag.
 *
 * @param releases the address of the list of releases
 */
export async function latestRelease(releases: string, signal: AbortSignal): Promise<string> {
  const url = `${releases}/latest`;
  const target = await request(url, signal, "manual", async (reply) => {
    await reply.body?.cancel();
    return reply.headers.get("location");
  });
  const tag = /\/tag\/(v\d+\.\d+\.\d+[\w.-]*)$/.exec(target ?? "")?.[1];
  if (tag === undefined) {
    throw new UpgradeError(
      `${url}: expected a redirect to the tag of a release, got ${target ?? "none"}; name the version instead`,
    );
  }
  return tag;
}

async function request<Result>(
  url: string,
  signal: AbortSignal,
  redirect: RequestRedirect,
  read: (reply: Response) => Promise<Result>,
): Promise<Result> {
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await read(await fetch(url, { signal: AbortSignal.any([signal, limit]), redirect }));
  } catch (error) {
    if (error instanceof UpgradeError) throw error;
    signal.throwIfAborted();
    if (limit.aborted) throw new UpgradeError(`${url}: no complete answer within ${timeoutMs} ms`);
    throw new UpgradeError(`${url} cannot be downloaded (${reasonOf(error)})`, { cause: error });
  }
}

/** `fetch` itself says no more than "fetch failed"; the error below it says why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return reasonOf(error.cause);
  // A host with several addresses has failed at each, and the message is empty.
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
