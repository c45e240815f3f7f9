import { mkdirSync, readdirSync, statSync } from "node:fs";
import { basename, join, relative, resolve } from "node:path";
import { valid } from "semver";
import { readRegularFile, UnfitFileError } from "../../src/cli/read-regular-file.ts";
import { packageOf } from "./cut-comments.ts";
import { download, latestRelease } from "./download.ts";
import { runCommand } from "./run-command.ts";
import { type SchemaFile, schemaFiles } from "./schema-files.ts";
import { maxBytes } from "./schema-module.ts";
import { UpgradeError } from "./upgrade-error.ts";

/** Where releases of Centrifugo are, without a slash at the end. */
export interface GitHub {
  readonly releases: string;
  /** The files of a release: its tag and the path follow. */
  readonly files: string;
}

const gitHub: GitHub = {
  releases: "https://github.com/centrifugal/centrifugo/releases",
  files: "https://raw.githubusercontent.com/centrifugal/centrifugo",
};

export interface FetchOptions {
  /** Paths are relative to it. */
  readonly project: string;
  /** A temporary folder. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly gitHub?: GitHub | undefined;
}

/** Schemas as they came. */
export interface FetchedSchemas {
  /** What people call their source. */
  readonly name: string;
  /** The release of Centrifugo that has them, where the source tells: `6.9.1`. */
  readonly release: string | undefined;
  readonly texts: ReadonlyMap<SchemaFile, string>;
}

interface Candidate {
  readonly name: string;
  readonly text: string;
}

/**
 * Gets the schemas of a source. Its form tells what it is: a release, `latest`, a URL, a module of the Buf Schema
 * Registry, or else a path. The package of a schema tells which one it is.
 *
 * @throws UpgradeError where the source cannot be read, or has no schema of Centrifugo
 */
export async function fetchSchemas(source: string, options: FetchOptions): Promise<FetchedSchemas> {
  const { project, folder, signal } = options;
  if (/^https?:\/\//i.test(source)) {
    const text = await download(source, signal);
    return { name: source, release: undefined, texts: pick(source, [{ name: source, text }]) };
  }
  if (source.startsWith("buf.build/")) {
    const output = join(folder, "module");
    mkdirSync(output);
    const args = ["export", source, "--output", output];
    const { code, said } = await runCommand("buf", args, { cwd: folder, signal });
    if (code !== 0) throw new UpgradeError(`buf could not export ${source}:\n${said}`);
    return { name: source, release: undefined, texts: pick(source, readFiles(output, source)) };
  }
  const { releases, files } = options.gitHub ?? gitHub;
  const release = valid(source === "latest" ? await latestRelease(releases, signal) : source);
  if (release !== null) {
    const name = `Centrifugo v${release}`;
    const candidates = schemaFiles.map(async ({ upstream }) => {
      const url = `${files}/v${release}/${upstream}`;
      const missing = `v${release} is no release of Centrifugo, or has no ${upstream}`;
      return { name: url, text: await download(url, signal, missing) };
    });
    return { name, release, texts: pick(name, await Promise.all(candidates)) };
  }
  if (/^v?\d+(?:\.\d+)*$/.test(source))
    throw new UpgradeError(`${source} is no version of Centrifugo; expected three numbers, as in v6.9.1`);
  return {
    name: source,
    release: undefined,
    texts: pick(source, readFiles(resolve(project, source), source)),
  };
}

/** A file, or all schemas below a folder. */
function readFiles(path: string, source: string): Candidate[] {
  try {
    if (!statSync(path).isDirectory()) return [{ name: source, text: readText(path) }];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".proto"))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ name: join(source, relative(path, file)), text: readText(file) }));
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (cause instanceof UnfitFileError)
      throw new UpgradeError(`${source} ${message}; expected the path of an api.proto`, { cause });
    if (code !== "ENOENT" && code !== "ENOTDIR")
      throw new UpgradeError(`${source} cannot be read (${message})`, { cause });
    throw new UpgradeError(
      `${source}: there is no such file. Expected a path, a URL, a version (v6.9.1), \`latest\` or buf.build/centrifugo/apiproto`,
      { cause },
    );
  }
}

function readText(file: string): string {
  return readRegularFile(file, maxBytes).toString();
}

/** Finds our schemas among files. Of several of a package, the one with the name that Centrifugo gives it counts. */
function pick(source: string, candidates: readonly Candidate[]): ReadonlyMap<SchemaFile, string> {
  const texts = new Map<SchemaFile, string>();
  for (const schema of schemaFiles) {
    const alike = candidates.filter(({ text }) => packageOf(text) === schema.packageName);
    const named = alike.filter(({ name }) => basename(name) === basename(schema.upstream));
    const [found, ...others] = named.length > 0 ? named : alike;
    if (found !== undefined && others.length > 0) {
      const names = [found, ...others].map(({ name }) => name).join(" and ");
      throw new UpgradeError(`${names} are all of the package ${schema.packageName}; name one of them`);
    }
    if (found !== undefined) texts.set(schema, found.text);
  }
  if (texts.size > 0) return texts;
  const expected = schemaFiles.map(({ packageName }) => packageName).join(" or ");
  const got = new Set(candidates.map(({ text }) => packageOf(text) ?? "none"));
  throw new UpgradeError(
    `${source} is no schema of Centrifugo: expected the package ${expected}, got ${[...got].join(", ") || "no file"}`,
  );
}
