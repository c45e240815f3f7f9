import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { installPackedPackage } from "../harness/packed-package.ts";
import { setUp } from "../matrix/set-up.ts";

const folder = mkdtempSync(join(tmpdir(), "given-"));
const tarball = join(folder, "tscent.tgz");
const manifest = JSON.stringify({ name: "tscent", dependencies: {} });

beforeAll(() => {
  mkdirSync(join(folder, "package"));
  writeFileSync(join(folder, "package/package.json"), manifest);
  execFileSync("tar", ["-czf", tarball, "-C", folder, "package"]);
  vi.stubEnv("TSCENT_TARBALL", tarball);
});

afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test("tests of the package install the tarball of a release, and pack no other", () => {
  const packed = installPackedPackage();
  try {
    expect(readFileSync(join(packed.installed, "package.json"), "utf8")).toBe(manifest);
    expect(packed.tarball).toBe(tarball);
  } finally {
    rmSync(packed.app, { recursive: true });
  }
});

test("the matrix installs the tarball of a release, and packs no other", async () => {
  await using setting = await setUp(join(folder, "cache"));
  expect(readFileSync(setting.tarball)).toEqual(readFileSync(tarball));
});
