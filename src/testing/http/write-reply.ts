import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { writeMessage } from "../../codec/json/write-message.ts";
import { JsonBytes } from "../../codec/json-bytes.ts";

/** A payload is not JSON, so the server cannot put it into a JSON reply. */
export class NotJsonError extends Error {
  override readonly name = "NotJsonError";
}

/** By message, the fields that the server writes even with their zero value. */
const alwaysPresent: Readonly<Record<string, readonly string[]>> = {
  ClientInfo: ["user", "client"],
  PresenceResult: ["presence"],
  PresenceStatsResult: ["num_clients", "num_users"],
  HistoryResult: ["publications", "epoch", "offset"],
  ChannelsResult: ["channels"],
  NodeResult: ["uid", "name", "version", "num_clients", "num_users", "num_channels", "num_subs"],
};

const options = {
  alwaysPresent: ({ parent, name }: DescField) => alwaysPresent[parent.name]?.includes(name) === true,
  rawJson,
};

const escapes: Readonly<Record<string, string>> = {
  "<": "\\u003c",
  ">": "\\u003e",
  "&": "\\u0026",
  "\u2028": "\\u2028",
  "\u2029": "\\u2029",
};

/**
 * A message as the server writes it to HTTP replies.
 *
 * @throws NotJsonError for a payload that is not JSON.
 */
export function writeReply(schema: DescMessage, message: Message): string {
  // These characters occur only inside strings, so the whole text can be escaped at once.
  return writeMessage(schema, message, options).replace(
    /[<>&\u2028\u2029]/g,
    (character) => escapes[character] ?? "",
  );
}

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** The JSON text of a payload as it was sent, but without white space. */
function rawJson(bytes: Uint8Array): string {
  const text = bytes instanceof JsonBytes ? bytes.text : decoder.decode(bytes);
  try {
    if (!(bytes instanceof JsonBytes)) JSON.parse(text);
  } catch (cause) {
    throw new NotJsonError("a payload is not JSON", { cause });
  }
  if (!/[ \t\r\n]/.test(text)) return text;
  return text.replace(
    /("[^"\\]*(?:\\.[^"\\]*)*")|[ \t\r\n]+/gs,
    (_, string: string | undefined) => string ?? "",
  );
}
