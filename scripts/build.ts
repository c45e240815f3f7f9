// `npm run build`: makes dist/ of src/ and gen/. In declarations, a path replaces the import `#api`: older module
// resolutions of TypeScript do not support a package's own imports.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const output = "dist";
const generated = "gen/centrifugal/centrifugo/api/api_pb.js";

rmSync(output, { recursive: true, force: true });
execFileSync("tsc", ["-p", "tsconfig.build.json"], { stdio: "inherit" });
for (const file of globSync(join(output, "src/**/*.d.ts"))) {
  const text = readFileSync(file, "utf8");
  const path = relative(dirname(file), join(output, generated));
  writeFileSync(file, text.replaceAll('"#api"', `"${path}"`));
}
