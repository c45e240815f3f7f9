import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { givenTarball } from "./given-tarball.ts";

export interface PackedPackage {
  /** The folder of an application that has the package in its node_modules. */
  readonly app: string;
  readonly installed: string;
  readonly tarball: string;
  /** Runs a program in the application, and returns its output. */
  run(...command: [string, ...string[]]): string;
}

/** Packs the package as `npm publish` does. */
function pack(folder: string): string {
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", folder], {
    encoding: "utf8",
    stdio: "pipe",
  });
  const [{ filename }] = JSON.parse(packed.slice(packed.search(/^\[/m))) as [{ filename: string }];
  return join(folder, filename);
}

/** Installs the tarball of a release, or one of this working tree, outside of this project. */
export function installPackedPackage(): PackedPackage {
  const app = mkdtempSync(join(tmpdir(), "packed-"));
  const installed = join(app, "node_modules/tscent");
  const tarball = givenTarball() ?? pack(app);
  mkdirSync(installed, { recursive: true });
  execFileSync("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  const { dependencies, peerDependencies } = JSON.parse(
    readFileSync(join(installed, "package.json"), "utf8"),
  ) as Record<string, object>;
  const named = Object.keys({ ...dependencies, ...peerDependencies });
  for (const name of [...named, "@types/node", "undici-types"]) {
    mkdirSync(dirname(join(app, "node_modules", name)), { recursive: true });
    symlinkSync(resolve("node_modules", name), join(app, "node_modules", name));
  }
  writeFileSync(join(app, "package.json"), JSON.stringify({ type: "module" }));
  const run = (...[file, ...args]: [string, ...string[]]) =>
    execFileSync(file, args, { cwd: app, encoding: "utf8", stdio: "pipe" });
  return { app, installed, tarball, run };
}
