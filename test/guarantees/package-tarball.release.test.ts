import { execFileSync } from "node:child_process";
import { existsSync, globSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PackedPackage } from "../harness/packed-package.ts";
import { installPackedPackage } from "../harness/packed-package.ts";

let packed: PackedPackage;

beforeAll(() => {
  packed = installPackedPackage();
}, 60_000);

afterAll(() => rmSync(packed.app, { recursive: true }));

describe("the tarball", () => {
  test("publint has no complaint about the tarball", async () => {
    const tarball = readFileSync(packed.tarball);
    const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
    const { messages, pkg } = await publint({ pack: { tarball: bytes }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg ?? {}))).toEqual([]);
  });

  test("the types of each entry resolve under node10, node16 and bundler", () => {
    const output = execFileSync("attw", [packed.tarball, "--format", "json"], { encoding: "utf8" });
    const { analysis, problems } = JSON.parse(output) as {
      analysis: { entrypoints: Record<string, { resolutions: Record<string, { resolution?: unknown }> }> };
      problems: object;
    };
    expect(problems).toEqual({});
    expect(Object.keys(analysis.entrypoints)).toEqual([
      ".",
      "./api",
      "./testing",
      "./proxy",
      "./outbox",
      "./otel",
      "./token",
      "./nestjs",
      "./channels",
      "./package.json",
    ]);
    for (const { resolutions } of Object.values(analysis.entrypoints))
      for (const { resolution } of Object.values(resolutions)) expect(resolution).toBeDefined();
  });

  test("the tarball has the expected files only", () => {
    const expected =
      "ARCHITECTURE.md CHANGELOG.md CONTRIBUTING.md LICENSE README.md SECURITY.md bench dist docs examples llms.txt package.json proto";
    expect(readdirSync(packed.installed).sort()).toEqual(expected.split(" "));
    expect(readdirSync(join(packed.installed, "bench"))).toEqual(["results"]);
  });

  test("the tarball is smaller than 700 kB", () => {
    expect(statSync(packed.tarball).size).toBeLessThan(700_000);
  });

  test("each page links only to files of the tarball", () => {
    const pages = globSync(["**/*.md", "llms.txt"], { cwd: packed.installed });
    expect(pages.length).toBeGreaterThan(10);
    const missing = pages.flatMap((page) => {
      const text = readFileSync(join(packed.installed, page), "utf8");
      return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, link = ""]) => link.replace(/#.*/, ""))
        .filter((link) => link !== "" && !/^\w+:/.test(link))
        .filter((link) => !existsSync(join(packed.installed, dirname(page), link)))
        .map((link) => `${page}: ${link}`);
    });
    expect(missing).toEqual([]);
  });

  test("no file names a source map, and no declaration imports from `#…`, which node10 does not follow", () => {
    const files = readdirSync(join(packed.installed, "dist"));
    const texts = files.map((file) => readFileSync(join(packed.installed, "dist", file), "utf8"));
    expect(texts.filter((text) => text.includes("sourceMappingURL"))).toEqual([]);
    const declarations = texts.filter((_, index) => /\.d\.c?ts$/.test(files[index] ?? ""));
    expect(declarations.length).toBeGreaterThan(5);
    expect(declarations.filter((text) => /from "#|import\("#/.test(text))).toEqual([]);
  });

  test("npm runs no script when the tarball is installed", () => {
    const { scripts } = JSON.parse(readFileSync(join(packed.installed, "package.json"), "utf8")) as {
      scripts: object;
    };
    expect(
      Object.keys(scripts).filter((name) => /^(?:pre|post)?install$|^(?:pre|post)?prepare$/.test(name)),
    ).toEqual([]);
  });
});
