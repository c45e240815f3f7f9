import { existsSync, globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly needs?: string | readonly string[];
  readonly permissions?: Readonly<Record<string, string>>;
  readonly environment?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const textOf = (file: string) => readFileSync(file, "utf8");
const workflowOf = (file: string) => parse(textOf(file)) as Workflow;
const stepsOf = ({ jobs }: Workflow) => Object.values(jobs).flatMap(({ steps = [] }) => steps);

const files = globSync(".github/workflows/*.yml");
const { scripts } = JSON.parse(textOf("package.json")) as { scripts: object };

describe.each(files)("%s", (file) => {
  const workflow = workflowOf(file);

  test("a job may only read the repository, unless it says otherwise", () => {
    expect([{}, { contents: "read" }]).toContainEqual(workflow.permissions);
  });

  test("each action from outside is the code of one commit", () => {
    const actions = stepsOf(workflow).flatMap(({ uses = [] }) => uses);
    expect(actions.filter((action) => !/^[\w-]+\/[\w-]+@[\da-f]{40}$/.test(action))).toEqual([]);
  });

  test("each script that a step runs exists", () => {
    const commands = stepsOf(workflow)
      .map(({ run = "" }) => run)
      .join("\n");
    const npmScripts = [...commands.matchAll(/\bnpm run (?:--silent )?([\w:]+)/g)].map(
      ([, name = ""]) => name,
    );
    const programs = [...commands.matchAll(/(?:^|\s)((?:scripts|\.ci)\/[\w./-]+)/g)].map(
      ([, path = ""]) => path,
    );
    expect([...npmScripts, ...programs]).not.toEqual([]);
    expect(npmScripts.filter((name) => !(name in scripts))).toEqual([]);
    expect(programs.filter((path) => !existsSync(path))).toEqual([]);
  });

  test("no step has a token that stays valid after the run", () => {
    expect(textOf(file)).not.toMatch(/secrets\.|NODE_AUTH_TOKEN|NPM_TOKEN/);
  });
});

describe("a release", () => {
  const { on, jobs } = workflowOf(".github/workflows/release.yml");
  const idOfPacked = "$" + "{{ needs.pack.outputs.artifact-id }}";

  test("a tag starts a release, and nothing else does", () => {
    expect(on).toEqual({ push: { tags: ["v*"] } });
    const others = files.filter((file) => !file.endsWith("release.yml"));
    expect(others.filter((file) => textOf(file).includes("tags:"))).toEqual([]);
  });

  test("npm gets the package after the checks and the matrix have passed", () => {
    expect(jobs.publish?.needs).toEqual(["pack", "ci", "matrix"]);
    for (const name of ["ci", "matrix"]) {
      expect(jobs[name]?.uses).toBe(`./.github/workflows/${name}.yml`);
      expect(workflowOf(`.github/workflows/${name}.yml`).on).toHaveProperty(
        "workflow_call.inputs.tarball-id",
      );
    }
    expect(jobs.announce?.needs).toContain("publish");
  });

  test("npm gets the tarball that was tested", () => {
    for (const name of ["ci", "matrix"]) expect(jobs[name]?.with).toEqual({ "tarball-id": idOfPacked });
    const downloads = (jobs.publish?.steps ?? []).filter(({ uses = "" }) =>
      uses.includes("download-artifact"),
    );
    expect(downloads.map((step) => step.with)).toEqual([{ "artifact-ids": idOfPacked, path: "release" }]);
    const packing = Object.values(jobs).filter(({ steps = [] }) =>
      steps.some(({ run = "" }) => run.includes("npm pack")),
    );
    expect(packing).toEqual([jobs.pack]);
    expect(textOf(".github/workflows/ci.yml")).toContain("'release/tscent.tgz'");
    expect(textOf(".github/workflows/matrix.yml")).toContain("'release/tscent.tgz'");
  });

  test("only the job that publishes gets an identity, and it runs nothing of the repository", () => {
    const writing = Object.entries(jobs).map(([name, { permissions }]) => [
      name,
      Object.entries(permissions ?? {}).flatMap(([scope, access]) => (access === "write" ? scope : [])),
    ]);
    expect(Object.fromEntries(writing)).toEqual({
      pack: [],
      ci: [],
      matrix: [],
      publish: ["id-token"],
      announce: ["contents"],
    });
    expect(jobs.publish?.environment).toBe("npm");
    const runs = (jobs.publish?.steps ?? []).flatMap(({ run = [] }) => run);
    expect(runs).toEqual(["npm publish ./release/tscent.tgz"]);
  });

  test("the job that publishes has the Node.js of the lockfile, whose npm has trusted publishing", () => {
    const [version] = (jobs.publish?.steps ?? []).flatMap((step) => step.with?.["node-version"] ?? []);
    const { packages } = JSON.parse(textOf("package-lock.json")) as {
      packages: Readonly<Record<string, { version: string }>>;
    };
    expect(version).toBe(packages["node_modules/node"]?.version);
  });
});
