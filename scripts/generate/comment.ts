import type { AnyDesc, DescFile } from "@bufbuild/protobuf";
import { getComments } from "@bufbuild/protoplugin";

/** The schema's comment on an element; empty if there is none. */
export function commentOn(element: Exclude<AnyDesc, DescFile>): string {
  const { leading = "", trailing = "" } = getComments(element);
  const parts = [leading, trailing].map((part) => part.trimEnd().replace(/^ /gm, ""));
  if ("deprecated" in element && element.deprecated) parts.push("@deprecated");
  return parts.filter((part) => part !== "").join("\n\n");
}

/** Whether an element's comment says that it is part of Centrifugo PRO only. */
export function requiresPro(element: Exclude<AnyDesc, DescFile>): boolean {
  return commentOn(element).replace(/\s+/g, " ").includes("Requires Centrifugo PRO");
}
