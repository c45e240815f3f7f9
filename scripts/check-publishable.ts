// Runs before `npm publish`: npm's page finds the README's relative links and images by `repository`. Only the publisher knows it
// and the other fields.
import { readFileSync } from "node:fs";
import type { PublisherFields } from "./release/publishing-faults.ts";
import { publishingFaults } from "./release/publishing-faults.ts";

const fields = JSON.parse(readFileSync("package.json", "utf8")) as PublisherFields;
const faults = publishingFaults(fields, process.env.GITHUB_REPOSITORY);
for (const fault of faults) console.error(`${fault}.`);
if (faults.length > 0) {
  console.error('CONTRIBUTING.md says under "How to release" what a publisher fills in.');
  process.exitCode = 1;
}
