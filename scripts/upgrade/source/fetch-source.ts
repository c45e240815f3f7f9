import { resolve } from "node:path";
import { download } from "./download.ts";
import { exportModule } from "./export-module.ts";
import type { Endpoints, FetchOptions } from "./fetch-options.ts";
import { latestVersion } from "./latest-version.ts";
import { maxBytes, readSchemaFile } from "./read-file.ts";
import type { Source } from "./source.ts";

const gitHub: Endpoints = {
  timeoutMs: 30_000,
  maxBytes,
  releasesUrl: "https://github.com/centrifugal/centrifugo/releases",
  filesUrl: "https://raw.githubusercontent.com/centrifugal/centrifugo",
};

/** A schema as it came. */
export interface FetchedSchema {
  readonly text: string;
  /** What people know it by, for messages. */
  readonly name: string;
  /** The release of Centrifugo that it is, where the source tells: `6.9.1`. */
  readonly release: string | undefined;
}

/** Gets the text of a schema. */
export async function fetchSource(
  source: Source,
  given: Omit<FetchOptions, keyof Endpoints> & Partial<Endpoints>,
): Promise<FetchedSchema> {
  const options = { ...gitHub, ...given };
  switch (source.kind) {
    case "file": {
      const text = readSchemaFile(resolve(options.project, source.path), source.path, options.maxBytes);
      return { text, name: source.path, release: undefined };
    }
    case "url":
      return { text: await download(source.url, options), name: source.url, release: undefined };
    case "module":
      return {
        text: await exportModule(source.reference, options),
        name: source.reference,
        release: undefined,
      };
    case "release":
      return fetchRelease(source.version, options);
    case "latest":
      return fetchRelease(await latestVersion(options), options);
  }
}

async function fetchRelease(version: string, options: FetchOptions): Promise<FetchedSchema> {
  const tag = `v${version}`;
  const url = `${options.filesUrl}/${tag}/internal/apiproto/api.proto`;
  const missing = `${tag} is not a tag of Centrifugo, or has no internal/apiproto/api.proto (status 404 from ${url})`;
  return { text: await download(url, options, missing), name: `Centrifugo ${tag}`, release: version };
}
