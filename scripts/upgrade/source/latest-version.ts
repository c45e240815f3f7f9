import { UpgradeError } from "../upgrade-error.ts";
import { redirectOf } from "./download.ts";
import type { FetchOptions } from "./fetch-options.ts";

/** The newest release of Centrifugo, without the `v`: the page of the newest release redirects to that of its tag. */
export async function latestVersion(options: FetchOptions): Promise<string> {
  const url = `${options.releasesUrl}/latest`;
  const target = await redirectOf(url, options);
  const version = /\/tag\/v(\d+\.\d+\.\d+[\w.-]*)$/.exec(target ?? "")?.[1];
  if (version === undefined) {
    throw new UpgradeError(
      `${url}: expected a redirect to the tag of a release, got ${target ?? "none"}; name the version instead`,
    );
  }
  return version;
}
