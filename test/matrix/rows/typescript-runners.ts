import { entriesModule, tryClientSource } from "../fixture-program.ts";
import { openProject } from "../project.ts";
import type { Row } from "../row.ts";

const main = `
import { entries } from "./entries";
import { serverAddress, tryClient } from "./try-client";

async function main() {
  for (const transport of ["http", "grpc"] as const) await tryClient(transport, serverAddress());
  for (const entry of Object.values(entries)) if (Object.keys(entry).length === 0) throw new Error("an entry is empty");
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
`;

const runners = {
  "ts-node": {
    packages: { "ts-node": "latest", typescript: "5.9", "@types/node": "24" },
    types: ["commonjs"],
  },
  tsx: { packages: { tsx: "latest", esbuild: "latest" }, types: ["commonjs", "module"] },
};

export const typescriptRunnerRows: readonly Row[] = Object.entries(runners).map(
  ([name, { packages, types }]) => ({
    group: "tests",
    name,
    async run(setting) {
      const project = await openProject(setting, name, { packages, fixture: "tests" });
      for (const type of types) {
        project.write(`${type}/package.json`, JSON.stringify({ type }));
        project.write(`${type}/main.ts`, main);
        project.write(`${type}/try-client.ts`, tryClientSource("ts"));
        project.write(`${type}/entries.ts`, entriesModule(setting.entries));
        await project.run(name, `${type}/main.ts`);
      }
      const forms = types.map((type) => (type === "module" ? "ES modules" : "CommonJS"));
      return `${project.version(name)}: ${forms.join(" and ")}, HTTP and gRPC`;
    },
  }),
);
