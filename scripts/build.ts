// `npm run build`: dist/ from src/ and gen/. Declarations name the generated code by its path: `#api` is this package's
// own import, which TypeScript's older module resolutions do not follow.
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
