import type { Method } from "../../src/schema/method-table.ts";
import { commentOn } from "../generate/comment.ts";
import { isPro } from "../generate/print-pro-methods.ts";

const experimental = /\bExperimental\.(?:\s+|$)/g;
const pro = /\bRequires Centrifugo PRO\.(?:\s+|$)/g;
const since = /\bSince Centrifugo v([\d.]+\d)\.(?:\s+|$)/g;

/** A comment without the sentences that the marks repeat, each paragraph in one line. */
export function paragraphs(comment: string): readonly string[] {
  return comment
    .split("\n\n")
    .map((paragraph) => paragraph.replaceAll(/\s+/g, " "))
    .map((text) => [experimental, pro, since].reduce((rest, mark) => rest.replaceAll(mark, ""), text).trim())
    .filter((text) => text !== "");
}

/** Marks of a method: `["PRO", "experimental", "since 6.8.0"]`. */
export function marksOf(method: Method): readonly string[] {
  const comment = [method.rpc, method.command]
    .map((element) => (element === undefined ? "" : commentOn(element)))
    .join(" ")
    .replaceAll(/\s+/g, " ");
  const [release] = comment.matchAll(since);
  return [
    ...(isPro(method) ? ["PRO"] : []),
    ...(comment.search(experimental) >= 0 ? ["experimental"] : []),
    ...(release === undefined ? [] : [`since ${release[1]}`]),
    ...(method.rpc.deprecated || method.command?.deprecated ? ["deprecated"] : []),
  ];
}
