/** The phrase in a schema's header: "The server API of Centrifugo, as version 6.9.1 speaks it." */
export const releasePhrase = /as version (\d\S*) speaks it/;

/** The release that the header of our schema names. */
export function releaseIn(text: string | undefined): string | undefined {
  return releasePhrase.exec(text ?? "")?.[1];
}
