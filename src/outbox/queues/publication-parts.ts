import { PathError } from "../../codec/path-error.ts";
import type { CheckedCommand } from "../checked-command.ts";

/** A message without what a queue itself needs. */
export interface BodyAndHeaders {
  /** JSON, or the bytes of a publication with binary data. */
  readonly body: string | Uint8Array;
  /** Headers, attributes or properties. */
  readonly headers: Record<string, string>;
}

/** The header of each field of a request, by Centrifugo's defaults. */
const fieldHeaders = {
  idempotency_key: "centrifugo-idempotency-key",
  delta: "centrifugo-delta",
  version: "centrifugo-version",
  version_epoch: "centrifugo-version-epoch",
} as const;

/**
 * Makes the parts of a message in publication mode.
 *
 * @throws PathError for a command that such a message cannot carry
 */
export function publicationParts({ method, payload }: CheckedCommand): BodyAndHeaders {
  if (method !== "publish" && method !== "broadcast")
    throw new PathError('"publication" carries only publish and broadcast', { path: "mode" });
  if (payload.skip_history === true)
    throw new PathError('cannot be sent in the mode "publication"', { path: "skipHistory" });
  const channels = (method === "publish" ? [payload.channel] : payload.channels) as string[];
  // Centrifugo splits the header at each comma.
  if (channels.some((channel) => channel.includes(",")))
    throw new PathError('has a comma, which separates channels in the mode "publication"', {
      path: method === "publish" ? "channel" : "channels",
    });
  const headers: Record<string, string> = { "centrifugo-channels": channels.join(",") };
  for (const [field, header] of Object.entries(fieldHeaders)) {
    const value = payload[field];
    // Some consumers cannot read an empty value, and some repeat such a message for ever.
    if (value !== undefined && value !== null && value !== "") headers[header] = headerText(value);
  }
  for (const [name, tag] of Object.entries((payload.tags ?? {}) as Record<string, string>))
    headers[`centrifugo-tag-${name}`] = tag;
  return { body: bodyOf(payload), headers };
}

/** A large version is an object of JSON.rawJSON. */
const headerText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

function bodyOf({ data, b64data }: Readonly<Record<string, unknown>>): string | Uint8Array {
  if (data === undefined && !b64data)
    throw new PathError('is empty; consumers skip an empty message in the mode "publication"', {
      path: "data",
    });
  if (typeof b64data !== "string") return JSON.stringify(data);
  return Uint8Array.from(atob(b64data), (character) => character.charCodeAt(0));
}
