import { lt } from "semver";

// The phrase in a schema's header: "The server API of Centrifugo, as version 6.9.1 speaks it."
const phrase = /as version (\d\S*) speaks it/;

/** The release that the header of our schema names. */
export function releaseIn(text: string): string | undefined {
  return phrase.exec(text)?.[1];
}

/** Our schema with another release in its header. A header that names none stays as it is. */
export function withRelease(text: string, release: string | undefined): string {
  return release === undefined ? text : text.replace(phrase, `as version ${release} speaks it`);
}

export function isOlder(release: string | undefined, ours: string | undefined): boolean {
  return release !== undefined && ours !== undefined && lt(release, ours);
}
