import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { ExpectedBytes, ExpectedMessage, Refusal } from "./expectation.ts";
import type { JsonNode } from "./json-tree.ts";

const integers: Readonly<
  Partial<Record<ScalarType, readonly [words: string, bits: bigint, signed: boolean]>>
> = {
  [ScalarType.INT32]: ["a 32-bit integer", 32n, true],
  [ScalarType.SINT32]: ["a 32-bit integer", 32n, true],
  [ScalarType.SFIXED32]: ["a 32-bit integer", 32n, true],
  [ScalarType.UINT32]: ["an unsigned 32-bit integer", 32n, false],
  [ScalarType.FIXED32]: ["an unsigned 32-bit integer", 32n, false],
  [ScalarType.INT64]: ["a 64-bit integer", 64n, true],
  [ScalarType.SINT64]: ["a 64-bit integer", 64n, true],
  [ScalarType.SFIXED64]: ["a 64-bit integer", 64n, true],
  [ScalarType.UINT64]: ["an unsigned 64-bit integer", 64n, false],
  [ScalarType.FIXED64]: ["an unsigned 64-bit integer", 64n, false],
};

/** Reads the tree of a text by the rules of Centrifugo's JSON, in the order of the text. */
export class ExpectedReader {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** @throws Refusal for a value that the schema does not allow */
  message(schema: DescMessage, node: JsonNode, path: readonly string[] = []): ExpectedMessage {
    const message = new ExpectedMessage(schema);
    if (this.#isNull(node)) return message;
    if (node.kind !== "object") throw this.#refusal(path, "an object", node);
    node.values.forEach((value, at) => {
      const name = wellFormed(node.names[at] as string);
      const field =
        schema.fields.find((one) => one.name === name) ??
        schema.fields.find((one) => one.name === name.toLowerCase());
      if (field === undefined) return;
      const read = this.#field(field, value, [...path, name]);
      if (read === undefined) return;
      if (field.oneof === undefined) message.fields.set(field.localName, read);
      else message.fields.set(field.oneof.localName, { case: field.localName, value: read });
    });
    return message;
  }

  #field(field: DescField, node: JsonNode, path: readonly string[]): unknown {
    const isNull = this.#isNull(node);
    switch (field.fieldKind) {
      case "list":
        if (isNull) return [];
        if (node.kind !== "array") throw this.#refusal(path, '"["', node);
        return node.values.map((value, at) => this.#element(field, value, [...path, `[${at}]`]));
      case "map": {
        if (isNull) return new Map();
        if (node.kind !== "object") throw this.#refusal(path, "an object", node);
        const names = node.names.map(wellFormed);
        return new Map(
          node.values.map((value, at) => {
            const name = names[at] as string;
            return [name, this.#element(field, value, [...path, name])];
          }),
        );
      }
      default:
        // Only a bytes field takes null as a value.
        return isNull && field.scalar !== ScalarType.BYTES ? undefined : this.#element(field, node, path);
    }
  }

  #element(
    { message, scalar = ScalarType.INT32 }: DescField,
    node: JsonNode,
    path: readonly string[],
  ): unknown {
    if (message !== undefined) return this.message(message, node, path);
    const source = this.#text.slice(node.start, node.end);
    if (scalar === ScalarType.BYTES) return new ExpectedBytes(source);
    const range = integers[scalar];
    if (range !== undefined) return this.#integer(range, node, path);
    const isNull = this.#isNull(node);
    if (scalar === ScalarType.STRING) {
      if (isNull) return "";
      if (node.kind !== "string") throw this.#refusal(path, "a string", node);
      return wellFormed(JSON.parse(source) as string);
    }
    if (scalar === ScalarType.BOOL) {
      if (node.kind !== "literal") throw this.#refusal(path, "true or false", node);
      return source === "true";
    }
    if (isNull) return 0;
    const number = node.kind === "number" ? (JSON.parse(source) as number) : Number.NaN;
    if (!Number.isFinite(number)) throw this.#refusal(path, "a number", node);
    return number;
  }

  #integer(
    [words, bits, signed]: readonly [string, bigint, boolean],
    node: JsonNode,
    path: readonly string[],
  ): unknown {
    const source = this.#isNull(node) ? "0" : this.#text.slice(node.start, node.end);
    const isInteger = /^-?[0-9]{1,30}$/.test(source) && (signed || !source.startsWith("-"));
    const exact = isInteger ? BigInt(source) : undefined;
    const fits =
      exact !== undefined &&
      (signed ? BigInt.asIntN(Number(bits), exact) : BigInt.asUintN(Number(bits), exact)) === exact;
    if (!fits) throw this.#refusal(path, words, node);
    return bits === 64n ? exact : Number(exact);
  }

  #isNull(node: JsonNode): boolean {
    return node.kind === "literal" && this.#text.charAt(node.start) === "n";
  }

  #refusal(path: readonly string[], words: string, { start, end }: JsonNode): Refusal {
    const source = this.#text.slice(start, end);
    const shown = source.length > 40 ? `${source.slice(0, 40)}…` : source;
    return new Refusal(path, `expected ${words}, got ${shown} at position ${start}`);
  }
}

/** Replaces half a surrogate pair, which has no UTF-8 form, by U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text, "utf8").toString("utf8");
}
