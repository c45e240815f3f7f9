import { mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { valid } from "semver";
import { readRegularFile } from "../../src/cli/read-regular-file.ts";
import { bytesUpTo } from "../../src/limits/bytes-up-to.ts";
import { messageOf } from "../../src/transport/transport-failure.ts";
import { packageOf } from "./cut-comments.ts";
import { UpgradeError } from "./failures.ts";
import { runCommand } from "./run-command.ts";
import { type SchemaFile, schemaFiles } from "./schema-files.ts";

/** Where releases of Centrifugo and their files are, without a slash at the end. */
export const gitHub = {
  releases: "https://github.com/centrifugal/centrifugo/releases",
  files: "https://raw.githubusercontent.com/centrifugal/centrifugo",
};

const timeoutMs = 30_000;
/** Limit for a file and a download. This project's api.proto has 74,000 bytes. */
const maxBytes = 4 * 1024 * 1024;

/** Paths are relative to the project. */
export type FetchOptions = { project: string; signal: AbortSignal; site?: typeof gitHub };

/** Schemas as they came. */
export interface FetchedSchemas {
  /** The source's name for people. */
  readonly name: string;
  /** The release of Centrifugo that has them, where the source tells: `6.9.1`. */
  readonly release?: string;
  readonly texts: ReadonlyMap<SchemaFile, string>;
}

/** A schema that may be one of ours. */
type Candidate = { readonly name: string; readonly text: string };

/**
 * Gets the schemas of a source. Its form tells what it is: a release, `latest`, a URL, a module of the Buf Schema
 * Registry, or else a path. The package of a schema tells which one it is.
 *
 * @param folder a temporary one
 * @throws UpgradeError where the source cannot be read, or has no schema of Centrifugo
 */
export async function fetchSchemas(
  source: string,
  folder: string,
  { project, signal, site = gitHub }: FetchOptions,
): Promise<FetchedSchemas> {
  if (/^https?:\/\//i.test(source)) {
    const { text } = await download(source, signal);
    return { name: source, texts: pick(source, [{ name: source, text }]) };
  }
  if (source.startsWith("buf.build/")) {
    const output = join(folder, "module");
    mkdirSync(output);
    await runCommand("buf", ["export", source, "--output", output], { cwd: folder, signal });
    return { name: source, texts: pick(source, readFiles(output, source)) };
  }
  const release = valid(source === "latest" ? await latestTag(`${site.releases}/latest`, signal) : source);
  if (release !== null) {
    const name = `Centrifugo v${release}`;
    const candidates = schemaFiles.map(async ({ upstream }) => {
      const { text } = await download(`${site.files}/v${release}/${upstream}`, signal);
      return { name: upstream, text };
    });
    return { name, release, texts: pick(name, await Promise.all(candidates)) };
  }
  try {
    return { name: source, texts: pick(source, readFiles(resolve(project, source), source)) };
  } catch (cause) {
    if (cause instanceof UpgradeError) throw cause;
    throw new UpgradeError(
      `${source} cannot be read (${messageOf(cause)}); expected a path, a URL, a version (v6.9.1), \`latest\` or buf.build/centrifugo/apiproto`,
      { cause },
    );
  }
}

/** A file, or all schemas below a folder. */
function readFiles(path: string, source: string): Candidate[] {
  const read = (file: string, name: string) => ({ name, text: readRegularFile(file, maxBytes).toString() });
  if (!statSync(path).isDirectory()) return [read(path, source)];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".proto"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => read(file, join(source, relative(path, file))));
}

async function download(url: string, signal: AbortSignal): Promise<{ finalUrl: string; text: string }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const reply = await fetch(url, { signal: limit });
    if (!reply.ok) throw new Error(`expected status 200, got ${reply.status}`);
    const bytes = await bytesUpTo(maxBytes, reply.body ?? []);
    if (bytes === undefined) throw new Error(`more than ${maxBytes} bytes`);
    return { finalUrl: reply.url, text: new TextDecoder().decode(bytes) };
  } catch (error) {
    signal.throwIfAborted();
    // `fetch` says no more than "fetch failed". A host with several addresses fails at each, without a message.
    const cause = ((error as Error).cause ?? error) as NodeJS.ErrnoException;
    throw new UpgradeError(`${url} cannot be downloaded (${cause.message || cause.code})`, { cause });
  }
}

/** The tag of the newest release, to whose page that of the latest one redirects. */
async function latestTag(url: string, signal: AbortSignal): Promise<string> {
  const { finalUrl } = await download(url, signal);
  const tag = basename(new URL(finalUrl).pathname);
  if (valid(tag) !== null) return tag;
  throw new UpgradeError(`${url} leads to ${finalUrl}, which is no release; name the version instead`);
}

/** Finds our schemas among files. Of several of a package, the one with the name that Centrifugo gives it counts. */
function pick(source: string, candidates: readonly Candidate[]): ReadonlyMap<SchemaFile, string> {
  const texts = new Map<SchemaFile, string>();
  for (const schema of schemaFiles) {
    const alike = candidates.filter(({ text }) => packageOf(text) === schema.packageName);
    const named = alike.filter(({ name }) => basename(name) === basename(schema.upstream));
    const [found, ...others] = named.length > 0 ? named : alike;
    const names = alike.map(({ name }) => name).join(" and ");
    if (others.length > 0)
      throw new UpgradeError(`${names} are all of the package ${schema.packageName}; name one of them`);
    if (found !== undefined) texts.set(schema, found.text);
  }
  if (texts.size > 0) return texts;
  const expected = schemaFiles.map(({ packageName }) => packageName).join(" or ");
  const got = new Set(candidates.map(({ text }) => packageOf(text) ?? "none"));
  throw new UpgradeError(
    `${source} is no schema of Centrifugo: expected the package ${expected}, got ${[...got].join(", ") || "no file"}`,
  );
}
