import type { DescField, DescMessage, Message } from "@bufbuild/protobuf";
import { create, ScalarType } from "@bufbuild/protobuf";
import { CentApiResponseError } from "../../src/index.ts";

/** The same content twice: as the generated message, and as the plain object that callers pass or get. */
export interface Filled {
  readonly wire: Message;
  readonly plain: Record<string, unknown>;
}

export interface Filling {
  /** The method that the message belongs to; errors inside a result name it. */
  readonly method: string;
  readonly int64: "number" | "bigint";
  /** Values in every field; or one zero element in lists and maps, and empty messages; or nothing at all. */
  readonly shape: "full" | "sparse" | "empty";
}

type Pair = readonly [wire: unknown, plain: unknown];

/** FilterNode holds FilterNodes: an end must be somewhere. */
const maxDepth = 6;

/** Fills a message by its descriptor, each field with another value, so that mixed-up fields are seen. */
export function fillMessage(schema: DescMessage, filling: Filling): Filled {
  return new Filler(filling).message(schema, 0);
}

class Filler {
  readonly #filling: Filling;
  #count = 0;

  constructor(filling: Filling) {
    this.#filling = filling;
  }

  message(schema: DescMessage, depth: number): Filled {
    const wire: Record<string, unknown> = {};
    const plain: Record<string, unknown> = {};
    for (const field of schema.fields) {
      if (isBase64Field(field)) continue;
      const [sent, seen] = this.#field(field, depth + 1);
      if (sent !== undefined) wire[field.localName] = sent;
      if (seen !== undefined) plain[field.localName] = seen;
    }
    return { wire: create(schema, wire), plain };
  }

  #field(field: DescField, depth: number): Pair {
    const { shape } = this.#filling;
    const filled = shape !== "empty" && depth < maxDepth;
    switch (field.fieldKind) {
      case "list": {
        if (!filled) return [[], []];
        const elements = Array.from({ length: shape === "full" ? 2 : 1 }, () => this.#value(field, depth));
        return [elements.map(([sent]) => sent), elements.map(([, seen]) => seen)];
      }
      case "map": {
        if (!filled) return [{}, {}];
        const entries = ["b", "a", "__proto__", 'a "key" \u2028 ü🙂', ""].map((key): [string, Pair] => [
          key,
          this.#value(field, depth),
        ]);
        const pick = (side: 0 | 1) =>
          Object.fromEntries(entries.map(([key, pair]): [string, unknown] => [key, pair[side]]));
        return [pick(0), pick(1)];
      }
      case "message":
        return filled ? this.#value(field, depth) : [undefined, undefined];
      default:
        return this.#value(field, depth);
    }
  }

  #value({ message: schema, scalar, name }: DescField, depth: number): Pair {
    if (schema === undefined) return this.#scalar(scalar ?? ScalarType.INT32, name);
    if (!isOutcome(schema)) {
      const { wire, plain } = this.message(schema, depth);
      return [wire, plain];
    }
    // One that succeeds, one that fails, and so on.
    if (this.#count++ % 2 === 0) {
      const [sent, seen] = this.#field(schema.field.result as DescField, depth);
      return [create(schema, { result: sent }), { ok: true, result: seen }];
    }
    const error = { code: 100 + this.#count, message: `error ${this.#count}` };
    const { method } = this.#filling;
    return [
      create(schema, { error }),
      { ok: false, error: new CentApiResponseError(error.code, error.message, { method }) },
    ];
  }

  #scalar(scalar: ScalarType, name: string): Pair {
    const { shape, int64 } = this.#filling;
    const zero = shape !== "full";
    const n = this.#count++;
    const big = int64 === "bigint";
    switch (scalar) {
      case ScalarType.STRING:
        return same(zero ? "" : `${name} ${n} "\\ \u0001\u2028 ü🙂`);
      case ScalarType.BOOL:
        return same(!zero);
      case ScalarType.DOUBLE:
      case ScalarType.FLOAT:
        return same(zero ? 0 : n + 0.1);
      case ScalarType.INT32:
        return same(zero ? 0 : -(2 ** 31) + n);
      case ScalarType.UINT32:
        return same(zero ? 0 : 2 ** 32 - 1 - n);
      case ScalarType.INT64:
        return this.#integer(zero ? 0n : big ? -(2n ** 63n) + BigInt(n) : -(2n ** 53n) + 1n + BigInt(n));
      case ScalarType.UINT64:
        return this.#integer(zero ? 0n : big ? 2n ** 64n - 1n - BigInt(n) : 2n ** 53n - 1n - BigInt(n));
      case ScalarType.BYTES: {
        if (zero) return [undefined, undefined];
        const value = { [name]: n, list: [null, true, "ü🙂<&>", -1.5e-7, []], nested: { "": {} } };
        return [new TextEncoder().encode(JSON.stringify(value)), value];
      }
      default:
        throw new Error(
          `${name}: the schema has a new kind of scalar, ${ScalarType[scalar]}; give it a value here`,
        );
    }
  }

  #integer(value: bigint): Pair {
    return [value, this.#filling.int64 === "bigint" ? value : Number(value)];
  }
}

function same(value: unknown): Pair {
  return [value, value];
}

/** `b64data` and the like, which callers do not see. */
function isBase64Field(field: DescField): boolean {
  return field.name.startsWith("b64");
}

function isOutcome(schema: DescMessage): boolean {
  return schema.field.error?.message?.name === "Error" && schema.field.result?.message !== undefined;
}
