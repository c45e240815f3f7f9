import { readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** A declaration: where its name is declared, and its text without comments. */
export interface Declaration {
  readonly file: string;
  readonly name: string;
  readonly text: string;
}

interface Source {
  readonly file: string;
  readonly name: string;
}

/** The parts of a `.d.ts` file. */
interface DeclarationFile {
  /** Declarations by name. An overloaded function has several. */
  readonly own: Map<string, string[]>;
  readonly imported: Map<string, Source>;
  readonly reexported: Map<string, Source>;
  /** The files of `export *`. */
  readonly stars: string[];
  readonly exported: Set<string>;
}

/** The `.d.ts` files that tsc emits, in which each statement begins at the start of a line. */
export class DeclarationFiles {
  readonly #folder: string;
  readonly #files = new Map<string, DeclarationFile>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The names that a file exports, sorted. */
  exportsOf(file: string): string[] {
    const { exported, reexported, stars } = this.#read(file);
    return [
      ...new Set([...exported, ...reexported.keys(), ...stars.flatMap((star) => this.exportsOf(star))]),
    ].sort();
  }

  /** The declarations of a name that a file exports; none if another package declares it. */
  exportedAs(file: string, name: string): Declaration[] {
    if (!file.endsWith(".d.ts")) return [];
    const { own, reexported, imported, stars } = this.#read(file);
    const source = reexported.get(name) ?? (own.has(name) ? undefined : imported.get(name));
    if (source !== undefined) return this.exportedAs(source.file, source.name);
    const texts = own.get(name);
    if (texts !== undefined) return texts.map((text) => ({ file, name, text }));
    for (const star of stars) {
      const found = this.exportedAs(star, name);
      if (found.length > 0) return found;
    }
    return [];
  }

  /** The declarations of the names that a declaration uses. */
  usedBy({ file, name, text }: Declaration): Declaration[] {
    const { own, imported } = this.#read(file);
    const words = new Set(text.replace(/"[^"]*"/g, '""').match(/[A-Za-z_$][\w$]*/g));
    words.delete(name);
    return [...words].flatMap((word) => {
      const source = imported.get(word);
      if (source !== undefined) return this.exportedAs(source.file, source.name);
      return (own.get(word) ?? []).map((used) => ({ file, name: word, text: used }));
    });
  }

  #read(file: string): DeclarationFile {
    let read = this.#files.get(file);
    if (read === undefined) {
      read = parse(file, readFileSync(join(this.#folder, file), "utf8"));
      this.#files.set(file, read);
    }
    return read;
  }
}

function parse(file: string, text: string): DeclarationFile {
  const parsed: DeclarationFile = {
    own: new Map(),
    imported: new Map(),
    reexported: new Map(),
    stars: [],
    exported: new Set(),
  };
  const code = text.replace(/^\s*\/\*[\s\S]*?\*\/\n/gm, "").replace(/^\s*\/\/.*\n/gm, "");
  for (const statement of code.split(/^(?=[a-z])/m)) readStatement(parsed, file, statement.trim());
  return parsed;
}

function readStatement(parsed: DeclarationFile, file: string, statement: string): void {
  const [, keyword, names = "", from = ""] =
    /^(import|export) (?:type )?(?:\{([^}]*)\}|\*)(?: from "(.*)")?;$/.exec(statement) ?? [];
  if (keyword !== undefined) {
    const isOwn = from.startsWith(".");
    const path = isOwn ? posix.join(posix.dirname(file), from).replace(/\.[jt]s$/, ".d.ts") : from;
    if (/^export (?:type )?\*/.test(statement)) parsed.stars.push(path);
    for (const [, name = "", as = name] of names.matchAll(/(\w+)(?: as (\w+))?/g))
      (keyword === "import" ? parsed.imported : parsed.reexported).set(as, { file: path, name });
    return;
  }
  const [, isExported, name] =
    /^(export )?(?:declare )?(?:abstract )?(?:interface|type|const|function|class|enum) ([\w$]+)/.exec(
      statement,
    ) ?? [];
  if (name === undefined) return;
  if (isExported !== undefined) parsed.exported.add(name);
  parsed.own.set(name, [
    ...(parsed.own.get(name) ?? []),
    statement.replace(/^export (?:declare )?|^declare /, ""),
  ]);
}
