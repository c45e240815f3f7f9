import { readFileSync } from "node:fs";
import { entriesModule, tryClientSource } from "../fixture-program.ts";
import type { Project } from "../project.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

interface Version {
  readonly typescript: string;
  /** A line of Node.js's declarations that this TypeScript can read. */
  readonly nodeTypes: string;
  /** Whether it cannot read the declarations of protobuf-es and Connect, which have `Uint8Array<ArrayBuffer>`. */
  readonly isTooOldForDependencies?: boolean;
}

const versions: readonly Version[] = [
  { typescript: "5.0", nodeTypes: "20", isTooOldForDependencies: true },
  { typescript: "5.4", nodeTypes: "22", isTooOldForDependencies: true },
  { typescript: "5.9", nodeTypes: "24" },
  { typescript: "6", nodeTypes: "24" },
  { typescript: "7", nodeTypes: "24" },
];

const tryChannels = readFileSync(new URL("../fixtures/try-channels.ts", import.meta.url), "utf8");

/** A `moduleResolution`, the `module` beside it, and the `type` in package.json. */
type Resolution = readonly [moduleResolution: string, module: string, type: "module" | "commonjs"];

const node10: readonly Resolution[] = [
  ["node10", "commonjs", "commonjs"],
  ["node10", "esnext", "module"],
];
const modern: readonly Resolution[] = [
  ["node16", "node16", "commonjs"],
  ["node16", "node16", "module"],
  ["nodenext", "nodenext", "commonjs"],
  ["nodenext", "nodenext", "module"],
  ["bundler", "esnext", "module"],
];

/** Compiles a folder. With `isLenient`, complaints about the dependencies' declarations do not count. */
async function compile(project: Project, folder: string, isLenient: boolean): Promise<void> {
  try {
    await project.run("tsc", "-p", folder);
  } catch (error) {
    const complaints = (error as Error).message.split("\n").filter((line) => line.includes(" error TS"));
    const isOurs = (line: string) => !/^node_modules\/@(?:bufbuild|connectrpc)\//.test(line);
    if (!isLenient || complaints.length === 0 || complaints.some(isOurs)) throw error;
    await project.run("tsc", "-p", folder, "--skipLibCheck");
  }
}

/** Compiles the client's program with each module resolution. Gives their names. TypeScript 7 has no node10. */
async function check(project: Project, major: number, isLenient: boolean): Promise<string> {
  const tried = new Set<string>();
  for (const [moduleResolution, module, type] of [...(major < 7 ? node10 : []), ...modern]) {
    const compilerOptions = {
      ...{ module, moduleResolution, outDir: "out", types: ["node"] },
      ...{ target: "es2022", lib: ["es2022", "dom", "dom.iterable"], strict: true, skipLibCheck: false },
      // TypeScript 6 warns of node10, which TypeScript 7 does not have.
      ...(major === 6 && moduleResolution === "node10" ? { ignoreDeprecations: "6.0" } : {}),
    };
    const folder = `${moduleResolution}-${module}-${type}`;
    project.write(`${folder}/package.json`, JSON.stringify({ type }));
    project.write(`${folder}/tsconfig.json`, JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    project.write(`${folder}/try-client.ts`, tryClientSource("ts"));
    project.write(`${folder}/try-channels.ts`, tryChannels);
    project.write(`${folder}/entries.ts`, entriesModule(project.entries));
    await compile(project, folder, isLenient);
    tried.add(moduleResolution);
  }
  return [...tried].join(", ");
}

export const typescriptRows: readonly Row[] = versions.map(
  ({ typescript, nodeTypes, isTooOldForDependencies = false }) => ({
    group: "TypeScript",
    name: `TypeScript ${typescript}`,
    async run(setting) {
      const packages = { typescript, "@types/node": nodeTypes };
      const project = await openProject(setting, `typescript-${typescript}`, { packages });
      const tried = await check(project, Number.parseInt(typescript, 10), isTooOldForDependencies);
      return `${project.version("typescript")}: ${tried}; ${isTooOldForDependencies ? "with" : "without"} skipLibCheck`;
    },
  }),
);
