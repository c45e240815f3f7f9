import { UpgradeError } from "../upgrade-error.ts";

/** The text of a schema; what is empty, no UTF-8 or an HTML page is refused. */
export function decodeText(bytes: Uint8Array, name: string): string {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new UpgradeError(`${name} is not UTF-8 text`, { cause: error });
  }
  if (text.trim() === "") throw new UpgradeError(`${name} is empty`);
  if (/^\s*<(?:!doctype|html|head|\?xml)\b/i.test(text)) throw notSchema(name);
  return text;
}

export function notSchema(name: string): UpgradeError {
  return new UpgradeError(`${name} is an HTML page, not a schema; expected the address of the raw file`);
}
