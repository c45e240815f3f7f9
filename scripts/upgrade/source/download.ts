import { UpgradeError } from "../upgrade-error.ts";
import { decodeText, notSchema } from "./decode-text.ts";
import { networkFailure } from "./network-failure.ts";

export interface DownloadLimits {
  /** Milliseconds for the whole of it: connecting, redirects, reading. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Downloads a text; redirects are followed.
 *
 * @param missing what status 404 means here
 * @throws UpgradeError that says what went wrong at which address
 */
export async function download(url: string, limits: DownloadLimits, missing?: string): Promise<string> {
  return request(url, limits, "follow", async (reply) => {
    if (reply.status === 404) throw new UpgradeError(missing ?? `${url}: there is no such file (status 404)`);
    if (!reply.ok)
      throw new UpgradeError(`${url}: expected status 200, got ${reply.status} ${reply.statusText}`);
    const bytes = await readAll(reply, url, limits.maxBytes);
    if (/^text\/html\b/i.test(reply.headers.get("content-type") ?? "")) throw notSchema(url);
    return decodeText(bytes, url);
  });
}

/** Where an address redirects to; undefined where it does not. */
export async function redirectOf(url: string, limits: DownloadLimits): Promise<string | undefined> {
  return request(url, limits, "manual", async (reply) => {
    await reply.body?.cancel();
    return reply.headers.get("location") ?? undefined;
  });
}

async function request<Result>(
  url: string,
  { timeoutMs, signal }: DownloadLimits,
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
    throw new UpgradeError(`${url}: ${networkFailure(error)}`, { cause: error });
  }
}

async function readAll(reply: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of reply.body ?? []) {
    size += chunk.length;
    if (size > maxBytes)
      throw new UpgradeError(`${url} is more than ${maxBytes} bytes; that is no API schema`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
