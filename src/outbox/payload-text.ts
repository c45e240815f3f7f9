import { decodeBase64Fields } from "../codec/base64-fields.ts";
import { describe } from "../codec/caller-values.ts";
import { didYouMean } from "../codec/did-you-mean.ts";
import { expectFilled } from "../codec/encode-request.ts";
import { readMessage } from "../codec/json/read-message.ts";
import { fieldsOf } from "../codec/message-fields.ts";
import { PathError } from "../codec/path-error.ts";
import { plainText } from "../codec/payload.ts";
import type { ConsumerMethod } from "../schema/consumer-methods.ts";
import { consumerMethods } from "../schema/consumer-methods.ts";
import { centrifugoApi } from "../schema/default-api.ts";
import { methodTable } from "../schema/method-table.ts";
import { requiredFields } from "../schema/required-fields.ts";

/**
 * Writes a payload as JSON, and reads it as Centrifugo's consumers do: they would drop a command with a wrong payload. A
 * command may come from other code than `createCommand`.
 *
 * @throws PathError naming the field that is wrong or missing
 */
export function payloadText(method: ConsumerMethod, payload: Readonly<Record<string, unknown>>): string {
  const name = consumerMethods[method];
  const input = methodTable(centrifugoApi()).byName(name)?.rpc.input;
  if (input === undefined) throw new PathError(`the schema has no method ${name}`);
  const names = input.fields.map((field) => field.name);
  const unknown = Object.keys(payload).find((field) => !names.includes(field));
  if (unknown !== undefined)
    throw new PathError(`unknown field; ${didYouMean(unknown, names) ?? `expected ${names.join(", ")}`}`, {
      path: unknown,
    });
  const text = plainText(payload);
  const message = readMessage(input, text);
  decodeBase64Fields(input, message);
  const read = fieldsOf(message);
  for (const field of requiredFields(name)) {
    if (field !== "data") expectFilled(read[field], field);
    // A payload without data means empty bytes, which a namespace for binary data takes.
    else if (Object.hasOwn(payload, field) && (read.data as Uint8Array).length === 0)
      throw new PathError(`expected JSON, got ${describe(payload.data)}`, { path: field });
  }
  return text;
}
