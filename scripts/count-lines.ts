// Prints the lines of the parts that have a bound or a goal, and fails if package.json has other counts: so each commit
// shows how the parts grow. `--write` writes the counts to package.json.
import { globSync, readFileSync, writeFileSync } from "node:fs";

const counted: Readonly<
  Record<string, { readonly files: string[]; readonly but?: string[]; readonly most?: number }>
> = {
  "src without channels, cli, nestjs, otel, outbox, proxy, testing and token": {
    files: ["src/**/*.ts"],
    but: ["channels", "cli", "nestjs", "otel", "outbox", "proxy", "testing", "token"].map(
      (folder) => `src/${folder}/**`,
    ),
  },
  "src/nestjs": { files: ["src/nestjs/**/*.ts"], most: 150 },
  "src/token": { files: ["src/token/**/*.ts"], most: 500 },
  "src/proxy without definitions": {
    files: ["src/proxy/**/*.ts"],
    but: ["src/proxy/definitions/**"],
    most: 1_200,
  },
  "src/many-calls": { files: ["src/many-calls/**/*.ts"] },
  "the upgrade": { files: ["scripts/upgrade.ts", "scripts/upgrade/*.ts"], most: 1_000 },
  "test/upgrade": { files: ["test/upgrade/*.ts"], most: 1_000 },
  "README.md": { files: ["README.md"] },
};

const linesIn = (file: string) => readFileSync(file, "utf8").split("\n").length - 1;
const counts = Object.fromEntries(
  Object.entries(counted).map(([name, { files, but = [] }]) => [
    name,
    globSync(files, { exclude: but }).reduce((sum, file) => sum + linesIn(file), 0),
  ]),
);
for (const [name, count] of Object.entries(counts)) {
  console.log(`${count} lines in ${name}`);
  const most = counted[name]?.most ?? Number.POSITIVE_INFINITY;
  if (count > most) throw new Error(`${name} may have ${most} lines`);
}

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
