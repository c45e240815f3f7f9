// Runs before `npm publish`: npm's page finds the README's relative links and images by `repository`, which only the publisher
// knows.
import { readFileSync } from "node:fs";

const { repository } = JSON.parse(readFileSync("package.json", "utf8")) as { repository?: unknown };
if (repository === undefined) {
  console.error(
    "package.json has no `repository`, so the README's links and chart would not work on npm's page.",
  );
  console.error("Add it as CONTRIBUTING.md says under Publishing.");
  process.exitCode = 1;
}
