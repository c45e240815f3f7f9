import type { DescField, DescMessage, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import fc from "fast-check";
import { JsonBytes } from "../../src/codec/json-bytes.ts";
import { setEntry } from "../../src/codec/message-fields.ts";

/** Strings with characters of all lengths in UTF-8. Half a surrogate pair has no UTF-8 form, and is left out. */
const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("", '"', "\\", "\u0000", "__proto__", "constructor", "\u2028", "\uffee😀", "result"),
);

/** JSON texts with white space inside, but none around them, because that is not part of the value. */
export const jsonText = fc
  .tuple(fc.jsonValue({ maxDepth: 3 }), fc.array(fc.constantFrom("", " ", "\n", "\t\r\n "), { minLength: 1 }))
  .map(([value, spaces]) => {
    const tokens = JSON.stringify(value).match(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^{}[\],:"]+/g) ?? [];
    return tokens
      .map((token, at) => token + spaces[at % spaces.length])
      .join("")
      .trim();
  });

/** Any message of a schema, with up to `depth` nested messages. */
export function arbitraryMessage<Desc extends DescMessage>(
  schema: Desc,
  depth = 5,
): fc.Arbitrary<MessageShape<Desc>> {
  const fits = (field: DescField) => field.message === undefined || depth > 0;
  const members = schema.members.flatMap((member): [string, fc.Arbitrary<unknown>][] => {
    if (member.kind === "field")
      return fits(member) ? [[member.localName, arbitraryField(member, depth - 1)]] : [];
    const choices = member.fields
      .filter(fits)
      .map((field) => arbitraryValue(field, depth - 1).map((value) => ({ case: field.localName, value })));
    return choices.length === 0 ? [] : [[member.localName, fc.oneof(...choices)]];
  });
  const init = Object.fromEntries(members);
  return fc
    .record(init, { requiredKeys: [] })
    .map((given) => create(schema, given as MessageInitShape<Desc>));
}

function arbitraryField(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const value = arbitraryValue(field, depth);
  if (field.fieldKind === "list") return fc.array(value, { maxLength: 3 });
  if (field.fieldKind !== "map") return value;
  return fc.array(fc.tuple(arbitraryKey(field.mapKey), value), { maxLength: 3 }).map((entries) => {
    const map: Record<string, unknown> = {};
    for (const [key, entry] of entries) setEntry(map, key, entry);
    return map;
  });
}

/** A map's key of any type, as an object has it. */
function arbitraryKey(type: ScalarType): fc.Arbitrary<string> {
  switch (type) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.constantFrom("true", "false");
    default:
      return fc.integer({ min: 0 }).map(String);
  }
}

function arbitraryValue(field: DescField, depth: number): fc.Arbitrary<unknown> {
  const { message, scalar, enum: values, name } = field;
  if (message !== undefined) return arbitraryMessage(message, depth);
  if (values !== undefined) return fc.constantFrom(...values.values.map(({ number }) => number));
  switch (scalar) {
    case ScalarType.STRING:
      return text;
    case ScalarType.BOOL:
      return fc.boolean();
    case ScalarType.BYTES:
      return jsonText.map((json) => new JsonBytes(json));
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return fc.integer();
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return fc.integer({ min: 0, max: 2 ** 32 - 1 });
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return fc.oneof(
        fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      );
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return fc.oneof(
        fc.constantFrom(2n ** 64n - 1n, 2n ** 53n + 1n),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      );
    case ScalarType.FLOAT:
      return fc.float({ noNaN: true, noDefaultInfinity: true });
    case ScalarType.DOUBLE:
      return fc.double({ noNaN: true, noDefaultInfinity: true });
    default:
      throw new Error(`${name} is of a type that this test does not make values of`);
  }
}
