import type { Message } from "@bufbuild/protobuf";
import type { Method, MethodTable } from "../schema/method-table.ts";
import { requiredFields } from "../schema/required-fields.ts";
import { expectObject } from "./caller-values.ts";
import { didYouMean } from "./did-you-mean.ts";
import type { EncodeOverride } from "./encode-message.ts";
import { encodeMessage } from "./encode-message.ts";
import { fieldsOf } from "./message-fields.ts";
import { asPathError, errorUnder, PathError } from "./path-error.ts";
import type { Payload } from "./payload.ts";

/** Makes a generated message of a caller's request. @throws PathError naming the field that cannot be sent */
export function encodeRequest(
  table: MethodTable,
  method: Method,
  request: unknown,
  payload: Payload,
): Message {
  try {
    const commands = method === table.batch ? commandEncoder(table) : undefined;
    const message = encodeMessage(method.rpc.input, request, payload, commands);
    checkRequired(method.name, expectObject(request));
    return message;
  } catch (error) {
    throw asPathError(error);
  }
}

/** Runs last, so that a misspelt required field is reported as unknown, not as missing. */
function checkRequired(method: string, given: Readonly<Record<string, unknown>>): void {
  for (const field of requiredFields(method)) {
    const value = given[field];
    if (value === undefined) throw new PathError("is required").under(field);
    if (neverEmpty.has(field)) expectFilled(value, field);
  }
}

/** Required fields for which the server answers error 107 if they are empty, or does nothing, as `unsubscribe`. */
const neverEmpty: ReadonlySet<string> = new Set(["channel", "channels", "key", "method"]);

/** @throws PathError for an empty string, an empty list, and an empty string in a list */
export function expectFilled(value: unknown, field: string): void {
  if (value === "" || (Array.isArray(value) && value.length === 0))
    throw new PathError("must not be empty").under(field);
  const index = Array.isArray(value) ? value.indexOf("") : -1;
  if (index !== -1) throw new PathError("must not be empty").under(`[${index}]`).under(field);
}

/** Accepts one method for each command of a batch: of several, the server would execute one and drop the others. */
function commandEncoder(table: MethodTable): EncodeOverride {
  return {
    schema: table.command,
    encode({ make, fields: encoders }, value, encoding) {
      const given = expectObject(value);
      const name = onlyName(given);
      const request = given[name];
      const encode = table.byName(name)?.command && encoders.get(name);
      if (encode === undefined) throw unknownMethod(table, name);
      const message = make();
      try {
        fieldsOf(message)[name] = encode(request, encoding);
        checkRequired(name, expectObject(request));
      } catch (error) {
        throw errorUnder(name, error);
      }
      return message;
    },
  };
}

function unknownMethod({ methods }: MethodTable, name: string): PathError {
  const names = methods.filter(({ command }) => command !== undefined).map((method) => method.name);
  const guess = didYouMean(name, names);
  return new PathError(`unknown method ${name}${guess === undefined ? "" : `; ${guess}`}`);
}

/** @throws PathError if there is no property, or more than one */
function onlyName(given: Readonly<Record<string, unknown>>): string {
  let only: string | undefined;
  for (const name in given) {
    if (given[name] === undefined || !Object.hasOwn(given, name)) continue;
    if (only !== undefined) {
      const names = Object.keys(given).filter((key) => given[key] !== undefined);
      throw new PathError(`expected one method, got ${names.join(" and ")}`);
    }
    only = name;
  }
  if (only === undefined) throw new PathError("expected one method, got none");
  return only;
}
