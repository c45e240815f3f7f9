import { dirname, join } from "node:path/posix";
import { anchorsOf, linksOf } from "./page.ts";

/** The texts of pages, by their paths from the root of the repository. */
export type Pages = ReadonlyMap<string, string>;

/** The links to files and headings that do not exist, as `docs/errors.md:12: codes.md`. Addresses of the web are not asked. */
export function deadLinks(pages: Pages, exists: (path: string) => boolean): string[] {
  return [...pages].flatMap(([page, text]) =>
    linksOf(text)
      .filter(({ target }) => {
        if (/^[a-z]+:/i.test(target)) return false;
        const [, anchor] = target.split("#");
        const path = pathOf(page, target);
        if (anchor === undefined) return !exists(path);
        return !anchorsOf(pages.get(path) ?? "").has(anchor);
      })
      .map(({ line, target }) => `${page}:${line}: ${target}`),
  );
}

/** The pages that a reader of `start` reaches by at most `steps` links. */
export function reachedFrom(start: string, pages: Pages, steps: number): ReadonlySet<string> {
  const reached = new Set([start]);
  for (let step = 0; step < steps; step++)
    for (const page of [...reached])
      for (const { target } of linksOf(pages.get(page) ?? "")) reached.add(pathOf(page, target));
  return reached;
}

/** The names in `{@link …}` of a source that it neither declares nor imports, so that an editor shows no link. */
export function deadDocLinks(source: string): string[] {
  const code = source.replaceAll(/\/\*.*?\*\//gs, "");
  const names = [...source.matchAll(/\{@link(?:code|plain)? +(\w+)/g)].map(([, name = ""]) => name);
  return names.filter((name) => !new RegExp(`\\b${name}\\b`).test(code));
}

function pathOf(page: string, target: string): string {
  const [path = ""] = target.split("#");
  return path === "" ? page : join(dirname(page), path).replace(/\/$/, "");
}
