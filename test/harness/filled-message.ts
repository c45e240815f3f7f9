import type { DescEnum, DescField, DescMessage, DescOneof, Message } from "@bufbuild/protobuf";
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
  /** Values in every field; or empty messages, and lists and maps with a zero element; or nothing. */
  readonly shape: "full" | "sparse" | "empty";
}

type Pair = readonly [wire: unknown, plain: unknown];

/** A limit is necessary because FilterNode holds FilterNodes. */
const maxDepth = 6;

/** A limit for nested messages, whose number grows exponentially. The largest message of 6.9.1 has 180 values. */
const maxCount = 500;

/** Fills a message by its descriptor. Each field gets another value, so that a test sees mixed-up fields. */
export function fillMessage(schema: DescMessage, filling: Filling): Filled {
  return new Filler(filling, /Request$/.test(schema.name)).message(schema, 0);
}

class Filler {
  readonly #filling: Filling;
  readonly #isRequest: boolean;
  #count = 0;
  #outcomes = 0;

  constructor(filling: Filling, isRequest: boolean) {
    this.#filling = filling;
    this.#isRequest = isRequest;
  }

  message(schema: DescMessage, depth: number): Filled {
    const wire: Record<string, unknown> = {};
    const plain: Record<string, unknown> = {};
    for (const member of schema.members) {
      if (this.#isRequest && member.kind === "field" && isHidden(member)) continue;
      const [sent, seen] =
        member.kind === "oneof" ? this.#choice(member, depth + 1) : this.#field(member, depth + 1);
      if (sent !== undefined) wire[member.localName] = sent;
      if (seen !== undefined) plain[member.localName] = seen;
    }
    return { wire: create(schema, wire), plain };
  }

  /** One of the fields, another one each time; none for an empty message. */
  #choice({ fields }: DescOneof, depth: number): Pair {
    const fits = this.#isFilled(depth) ? fields : fields.filter(({ message }) => message === undefined);
    const field = fits[this.#count++ % fits.length];
    if (field === undefined || this.#filling.shape === "empty") return same({ case: undefined });
    const [sent, seen] = this.#value(field, depth);
    return [
      { case: field.localName, value: sent },
      { case: field.localName, value: seen },
    ];
  }

  #isFilled(depth: number): boolean {
    const ends = depth === maxDepth || (depth > 2 && this.#count > maxCount);
    return this.#filling.shape !== "empty" && !ends;
  }

  #field(field: DescField, depth: number): Pair {
    const { shape } = this.#filling;
    const filled = this.#isFilled(depth);
    switch (field.fieldKind) {
      case "list": {
        if (!filled && !this.#isNeverEmpty(field.localName)) return [[], []];
        const elements = Array.from({ length: shape === "full" ? 2 : 1 }, () => this.#value(field, depth));
        return [elements.map(([sent]) => sent), elements.map(([, seen]) => seen)];
      }
      case "map": {
        if (!filled) return [{}, {}];
        const entries = mapKeys(field.mapKey).map((key): [string, Pair] => [key, this.#value(field, depth)]);
        const pick = (side: 0 | 1) =>
          Object.fromEntries(entries.map(([key, pair]): [string, unknown] => [key, pair[side]]));
        return [pick(0), pick(1)];
      }
      case "message":
        return filled ? this.#value(field, depth) : [undefined, undefined];
      default: {
        if (field.proto.proto3Optional && shape === "empty") return [undefined, undefined];
        // Empty bytes are an absent field. In a list they would be an element that is not JSON.
        const isBytes = field.scalar === ScalarType.BYTES;
        return isBytes && shape !== "full" ? [undefined, undefined] : this.#value(field, depth);
      }
    }
  }

  #value({ message: schema, scalar, enum: values, name }: DescField, depth: number): Pair {
    if (values !== undefined) return same(this.#enumNumber(values));
    if (schema === undefined) return this.#scalar(scalar ?? ScalarType.INT32, name);
    if (!isOutcome(schema)) {
      const { wire, plain } = this.message(schema, depth);
      return [wire, isWrapper(schema) ? plain.value : plain];
    }
    // Successes and failures alternate.
    if (this.#outcomes++ % 2 === 0) {
      const [sent, seen] = this.#field(schema.field.result as DescField, depth);
      return [create(schema, { result: sent }), { ok: true, result: seen }];
    }
    const error = { code: 100 + this.#outcomes, message: `error ${this.#outcomes}` };
    const { method } = this.#filling;
    // The second channel of a broadcast's request that is filled by this file.
    const channel = method === "broadcast" ? textOf("channels", 1) : undefined;
    const options = { method, channel, attempts: 1 };
    return [
      create(schema, { error }),
      { ok: false, error: new CentApiResponseError(error.code, error.message, options) },
    ];
  }

  #scalar(scalar: ScalarType, name: string): Pair {
    const { shape, int64 } = this.#filling;
    const zero = shape !== "full";
    const n = this.#count++;
    const big = int64 === "bigint";
    switch (scalar) {
      case ScalarType.STRING:
        return same(zero && !this.#isNeverEmpty(name) ? "" : textOf(name, n));
      case ScalarType.BOOL:
        return same(!zero);
      case ScalarType.DOUBLE:
        return same(zero ? 0 : n + 0.1);
      case ScalarType.FLOAT:
        return same(zero ? 0 : n + 0.5);
      case ScalarType.INT32:
      case ScalarType.SINT32:
      case ScalarType.SFIXED32:
        return same(zero ? 0 : -(2 ** 31) + n);
      case ScalarType.UINT32:
      case ScalarType.FIXED32:
        return same(zero ? 0 : 2 ** 32 - 1 - n);
      case ScalarType.INT64:
      case ScalarType.SINT64:
      case ScalarType.SFIXED64:
        return this.#integer(zero ? 0n : big ? -(2n ** 63n) + BigInt(n) : -(2n ** 53n) + 1n + BigInt(n));
      case ScalarType.UINT64:
      case ScalarType.FIXED64:
        return this.#integer(zero ? 0n : big ? 2n ** 64n - 1n - BigInt(n) : 2n ** 53n - 1n - BigInt(n));
      case ScalarType.BYTES: {
        const value = { [name]: n, list: [null, true, "ü🙂<&>", -1.5e-7, []], nested: { "": {} } };
        const json = zero ? null : value;
        return [new TextEncoder().encode(JSON.stringify(json)), json];
      }
    }
  }

  /** Whether the client refuses a request in which the field is empty. */
  #isNeverEmpty(name: string): boolean {
    return this.#isRequest && ["channel", "channels", "key", "method"].includes(name);
  }

  #enumNumber({ values }: DescEnum): number {
    const others = values.filter(({ number }) => number !== 0);
    return this.#filling.shape === "full" ? (others[this.#count++ % others.length]?.number ?? 0) : 0;
  }

  #integer(value: bigint): Pair {
    return [value, this.#filling.int64 === "bigint" ? value : Number(value)];
  }
}

function textOf(name: string, count: number): string {
  return `${name} ${count} "\\ \u0001\u2028 ü🙂`;
}

/** Keys of a map of any type, as an object has them. */
function mapKeys(type: ScalarType): string[] {
  switch (type) {
    case ScalarType.STRING:
      return ["b", "a", "__proto__", 'a "key" \u2028 ü🙂', ""];
    case ScalarType.BOOL:
      return ["true", "false"];
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return ["0", "18446744073709551615"];
    default:
      return ["0", "1", "2147483647"];
  }
}

function same(value: unknown): Pair {
  return [value, value];
}

/** Fields like `b64data` beside `data`, which callers do not pass. */
function isHidden({ name, parent }: DescField): boolean {
  return name.startsWith("b64") && parent.fields.some((other) => `b64${other.name}` === name);
}

/** Messages like `BoolValue`, for which callers pass the scalar. */
function isWrapper({ name, fields, field }: DescMessage): boolean {
  return name.endsWith("Value") && fields.length === 1 && field.value !== undefined;
}

function isOutcome(schema: DescMessage): boolean {
  return schema.field.error?.message?.name === "Error" && schema.field.result?.message !== undefined;
}
