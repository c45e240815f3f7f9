// Prints how many lines the sources have, and fails if package.json has other counts: so each commit shows how the
// sources grow. `--write` writes the counts to package.json.
import { globSync, readFileSync, writeFileSync } from "node:fs";

const counted: Readonly<Record<string, (file: string) => boolean>> = {
  "src without cli and testing": (file) => !/^src\/(?:cli|testing)\//.test(file),
  "src/many-calls": (file) => file.startsWith("src/many-calls/"),
};

const sources = globSync("src/**/*.ts").map((file) => file.replaceAll("\\", "/"));
const linesIn = (file: string) => readFileSync(file, "utf8").split("\n").length - 1;
const counts = Object.fromEntries(
  Object.entries(counted).map(([name, isCounted]) => [
    name,
    sources.filter(isCounted).reduce((sum, file) => sum + linesIn(file), 0),
  ]),
);
for (const [name, count] of Object.entries(counts)) console.log(`${count} lines in ${name}`);

const text = readFileSync("package.json", "utf8");
const settings = JSON.parse(text) as { lines?: Readonly<Record<string, number>> };
if (process.argv.includes("--write")) {
  writeFileSync("package.json", `${JSON.stringify({ ...settings, lines: counts }, null, 2)}\n`);
} else if (Object.entries(counts).some(([name, count]) => settings.lines?.[name] !== count)) {
  console.error(
    `package.json has ${JSON.stringify(settings.lines)}; run \`node scripts/count-lines.ts --write\``,
  );
  process.exitCode = 1;
}
