import type { Declaration, DeclarationFiles } from "./declaration-files.ts";

/** Prints the exported declarations of each entry point, sorted by name, and then those that they use. */
export function printApi(files: DeclarationFiles, entries: Readonly<Record<string, string>>): string {
  const printed = new Set<string>();
  const waiting: Declaration[] = [];
  const sections = Object.entries(entries).map(([entry, file]) => {
    const lines = files.exportsOf(file).map((name) => {
      const found = files.exportedAs(file, name);
      if (found.length === 0) return `// ${name}, of another package`;
      if (found.every((one) => printed.has(keyOf(one)))) return `// ${name}, as above`;
      return print(found);
    });
    return `// Exports of ${entry}\n\n${lines.join("\n\n")}`;
  });
  const used: Declaration[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (printed.has(keyOf(next))) continue;
    used.push(next);
    print([next]);
  }
  const texts = used.map(({ text }) => text).sort();
  return `${[...sections, "// Declarations that these use", ...texts].join("\n\n")}\n`;

  function print(declarations: readonly Declaration[]): string {
    for (const one of declarations) printed.add(keyOf(one));
    for (const one of declarations) waiting.push(...files.usedBy(one));
    return declarations.map(({ text }) => text.replace(/^ +#private;\n/gm, "")).join("\n");
  }
}

const keyOf = ({ file, text }: Declaration) => `${file} ${text}`;
