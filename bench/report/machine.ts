import { readFileSync } from "node:fs";
import { arch, cpus, release, totalmem, type } from "node:os";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
}

/** The properties of the machine that the figures depend on, without its name. */
export function describeMachine(): Machine {
  const all = cpus();
  const [major, minor] = release().split(".");
  return {
    cpu: all[0]?.model.trim() ?? "unknown",
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${major}.${minor} ${arch()}`,
  };
}

const packages = ["undici", "cent.js", "@connectrpc/connect-node", "@grpc/grpc-js", "@bufbuild/protobuf"];

export function versions(): Record<string, string> {
  const own = ["tscent", versionIn(new URL("../../package.json", import.meta.url))];
  const others = packages.map((name) => [
    name,
    versionIn(new URL(`../../node_modules/${name}/package.json`, import.meta.url)),
  ]);
  return Object.fromEntries([["node", process.versions.node], own, ...others]);
}

function versionIn(file: URL): string {
  const { version } = JSON.parse(readFileSync(file, "utf8")) as { version: string };
  return version;
}
