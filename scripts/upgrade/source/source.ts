import { UpgradeError } from "../upgrade-error.ts";

/** Where a schema comes from. */
export type Source =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "url"; readonly url: string }
  /** A release of Centrifugo, without the `v`. */
  | { readonly kind: "release"; readonly version: string }
  | { readonly kind: "latest" }
  | { readonly kind: "module"; readonly reference: string };

/** Tells from its form what a source is. What is a file's name, too, is the file with `./` before it. */
export function parseSource(text: string): Source {
  if (/^https?:\/\//i.test(text)) return { kind: "url", url: text };
  if (text === "latest") return { kind: "latest" };
  const version = /^v?(\d+\.\d+\.\d+(?:-[\w.]+)?)$/.exec(text)?.[1];
  if (version !== undefined) return { kind: "release", version };
  if (/^v?\d+(?:\.\d+)*$/.test(text))
    throw new UpgradeError(`${text} is no version of Centrifugo; expected all three numbers, as in v6.9.1`);
  if (/^buf\.build\//.test(text)) return { kind: "module", reference: text };
  return { kind: "file", path: text };
}
