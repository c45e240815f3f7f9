import { entriesModule, tryClientSource } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

interface Framework {
  readonly name: string;
  /** The package whose version the table has. */
  readonly tool: string;
  readonly packages: Readonly<Record<string, string>>;
  /** More of package.json: the settings of a project in CommonJS, as the tool's documentation has them. */
  readonly json?: object;
  readonly files?: Readonly<Record<string, string>>;
  readonly command: readonly [string, ...string[]];
}

const jest = ["jest", "--ci"] as const;
const babel = {
  presets: [["@babel/preset-env", { targets: { node: "current" } }], "@babel/preset-typescript"],
};

const frameworks: readonly Framework[] = [
  {
    name: "ts-jest",
    tool: "ts-jest",
    packages: { jest: "latest", "ts-jest": "latest", typescript: "5.9", "@types/node": "24" },
    json: { jest: { preset: "ts-jest" } },
    command: jest,
  },
  {
    name: "babel-jest",
    tool: "babel-jest",
    packages: {
      ...{ jest: "latest", "babel-jest": "latest", "@babel/core": "7" },
      ...{ "@babel/preset-env": "7", "@babel/preset-typescript": "7" },
    },
    files: { "babel.config.json": JSON.stringify(babel) },
    command: jest,
  },
  {
    name: "@swc/jest",
    tool: "@swc/jest",
    packages: { jest: "latest", "@swc/jest": "latest", "@swc/core": "latest" },
    json: { jest: { transform: { "\\.ts$": "@swc/jest" } }, allowScripts: { "@swc/core": true } },
    command: jest,
  },
  {
    name: "Vitest",
    tool: "vitest",
    packages: { vitest: "latest", vite: "latest" },
    command: ["vitest", "run", "--globals"],
  },
];

export const testFrameworkRows: readonly Row[] = frameworks.map((framework) => ({
  group: "tests",
  name: framework.name,
  async run(setting) {
    const { name, tool, packages, json = {}, files = {}, command } = framework;
    const project = await openProject(setting, `tests-${name.replace("/", "-")}`, {
      ...{ packages, json, fixture: "tests" },
    });
    project.write("try-client.ts", tryClientSource("ts"));
    project.write("entries.ts", entriesModule(setting.entries));
    for (const [path, text] of Object.entries(files)) project.write(path, text);
    await project.run(...command);
    return `${project.version(tool)}: HTTP, gRPC, ${setting.entries.slice(1).join(", ")}`;
  },
}));
