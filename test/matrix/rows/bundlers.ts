import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tryProgram } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";
import { runCommand } from "../run-command.ts";

interface Bundler {
  readonly tool: string;
  /** The name in the table. */
  readonly title: string;
  /** Writes `program.mjs` as a bundle into the folder. */
  readonly command: (folder: string) => [string, ...string[]];
  /** The file that is run. */
  readonly bundle: string;
}

const esbuild = ["esbuild", "program.mjs", "--bundle", "--platform=node"] as const;

const bundlers: readonly Bundler[] = [
  {
    tool: "esbuild",
    title: "esbuild --format=esm",
    command: (folder) => [...esbuild, "--format=esm", `--outfile=${folder}/bundle.mjs`],
    bundle: "bundle.mjs",
  },
  {
    tool: "esbuild",
    title: "esbuild --format=cjs",
    command: (folder) => [...esbuild, "--format=cjs", `--outfile=${folder}/bundle.cjs`],
    bundle: "bundle.cjs",
  },
  {
    tool: "rolldown",
    title: "rolldown",
    command: (folder) => ["rolldown", "program.mjs", "--platform=node", "--dir", folder],
    bundle: "program.js",
  },
  {
    tool: "webpack",
    title: "webpack",
    command: (folder) => ["node", "webpack.mjs", folder],
    bundle: "bundle.cjs",
  },
  {
    tool: "vite",
    title: "Vite SSR",
    command: (folder) => ["node", "vite.mjs", folder],
    bundle: "bundle.mjs",
  },
];

export const bundlerRows: readonly Row[] = bundlers.map(({ tool, title, command, bundle }) => ({
  group: "bundlers",
  name: title,
  async run(setting) {
    const project = await openProject(setting, `bundler-${title.replaceAll(/\W+/g, "-")}`, {
      packages: { [tool]: "latest" },
      json: { allowScripts: { [tool]: true, esbuild: true } },
      fixture: "bundlers",
    });
    project.write("program.mjs", tryProgram("mjs"));
    // A folder without node_modules, where a bundle has to run alone.
    const alone = mkdtempSync(join(tmpdir(), "bundle-"));
    try {
      await project.run(...command(alone));
      const { httpUrl, grpcUrl, apiKey } = setting.server;
      const env = { CENT_HTTP_URL: httpUrl, CENT_GRPC_URL: grpcUrl, CENT_API_KEY: apiKey };
      await runCommand(["node", bundle], { cwd: alone, env });
    } finally {
      rmSync(alone, { recursive: true });
    }
    return `${project.version(tool)}: HTTP and gRPC`;
  },
}));
