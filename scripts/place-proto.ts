// Runs before `buf generate`: a schema that was dropped into proto/ as it comes from Centrifugo, at the root of a module
// of its own, is moved to where its package belongs, so that gen/ has it where src/ imports it from.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from "node:fs";
import { posix, sep } from "node:path";

const root = "proto";
const centrifugo = "centrifugal.centrifugo.api";
const place = posix.join(folderOf(centrifugo), "api.proto");

/** Where the files of a package belong. */
function folderOf(packageName: string): string {
  return posix.join(root, ...packageName.split("."));
}

/** The package that a schema says it is of; undefined where it says none. */
function packageOf(schema: string): string | undefined {
  // A comment or a string may hold the text of a package statement.
  const code = schema.replaceAll(
    /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\/[^\n]*|\/\*.*?\*\//gs,
    (token) => (token.startsWith("/") ? " " : '""'),
  );
  const [, name] = /(?:^|[;}])\s*package\s+([\w.\s]+?)\s*;/.exec(code) ?? [];
  return name?.replaceAll(/\s/g, "");
}

/** The schemas that lie elsewhere than their packages say. */
function strays(): string[] {
  const files = existsSync(root) ? readdirSync(root, { recursive: true, encoding: "utf8" }) : [];
  const schemas = files.filter((file) => file.endsWith(".proto")).map((file) => file.replaceAll(sep, "/"));
  return schemas
    .map((file) => posix.join(root, file))
    .filter((file) => {
      const packageName = packageOf(readFileSync(file, "utf8"));
      if (packageName !== undefined && posix.dirname(file) === folderOf(packageName)) return false;
      if (packageName === centrifugo) return true;
      const said = packageName === undefined ? "says no package" : `is of the package ${packageName}`;
      throw new Error(`${file} ${said}; a schema that lies there is expected to be of ${centrifugo}`);
    })
    .sort();
}

try {
  const [stray, ...others] = strays();
  if (others.length > 0) {
    const all = [stray, ...others].join(" and ");
    throw new Error(`${all} are all of the package ${centrifugo}; expected one of them, to be ${place}`);
  }
  if (stray !== undefined) {
    const verb = existsSync(place) ? "replaced" : "became";
    mkdirSync(posix.dirname(place), { recursive: true });
    renameSync(stray, place);
    console.log(`${stray} ${verb} ${place}; \`npm run upgrade\` would have kept its documentation comments.`);
  }
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}; nothing was moved.`);
  process.exitCode = 1;
}
