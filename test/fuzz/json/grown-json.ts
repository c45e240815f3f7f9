import type { BytesInput } from "../bytes-input.ts";
import { grownInput } from "../bytes-input.ts";
import type { Sample } from "../corpus.ts";
import type { Random } from "../random.ts";
import { bracketAfter, partsWithin, valueAfter, valueEnd } from "./json-places.ts";
import { oddName, oddValue, splitJson } from "./json-tokens.ts";
import { mutateJson } from "./mutate-json.ts";

const mostBytes = 64 * 1024;

/** A text that repeats `unit` and `close` any number of times. */
type Repeated = readonly [head: string, unit: string, middle: string, close: string, tail: string];

const values: readonly Repeated[] = [
  ["", "[", "", "]", ""],
  ["", '{"a":', "1", "}", ""],
  ["", '[{"offset":', "[]", "}]", ""],
  ["", "[", "", "", ""],
  ["", '{"data":', "", "", ""],
  ['"', '\\"', "", "", '"'],
  ['"', "\\\\", "", "", '"'],
  ['"', "\\\\", "", "", ""],
  ['"', "\\u00e9", "", "", '"'],
  ['"', "\\ud800", "", "", '"'],
  ['"', "é", "", "", '"'],
  ['"', '"', "", "", ""],
  ["", "9", "", "", ""],
  ["-", "0", "", "", ""],
  ["1e", "9", "", "", ""],
  ["0.", "0", "", "", "1"],
  ["", " ", "1", "", ""],
  ["[", '1,"offset":', "", "", "1]"],
  ["{", '"a":{},"offset":1,', "", "", '"a":1}'],
  ["[", '"\\\\",', "", "", "1]"],
];

/** A text with one repeated part, up to 64 KiB. */
export function grownJson({ schema, bytes }: Sample, random: Random): BytesInput {
  const tokens = splitJson(bytes.toString());
  const [head, unit, middle, close, tail] = random.pick([grownValue, grownList, grownObject, grownSlice])(
    tokens,
    random,
  );
  const times = Math.ceil(random.size(mostBytes) / (unit.length + close.length));
  const shape = `${head.slice(-20)}(${unit.slice(0, 60)})*${middle.slice(0, 20)}${close === "" ? "" : `(${close})*`}`;
  return grownInput(schema, `${schema.name} ${JSON.stringify(shape)}`, times, (count) =>
    Buffer.from(head + unit.repeat(count) + middle + close.repeat(count) + tail),
  );
}

function grownValue(tokens: readonly string[], random: Random): Repeated {
  const start = valueAfter(tokens, random.below(tokens.length + 1));
  const [head, unit, middle, close, tail] = random.pick(values);
  const [before, after] = [tokens.slice(0, start).join(""), tokens.slice(valueEnd(tokens, start)).join("")];
  return [before + head, unit, middle, close, tail + after];
}

/** Many elements like the first one, changed or not. */
function grownList(tokens: readonly string[], random: Random): Repeated {
  const open = bracketAfter(tokens, "[", random.below(tokens.length + 1));
  const [first, ...others] = open === -1 ? [] : partsWithin(tokens, open);
  if (first === undefined) return grownObject(tokens, random);
  const element = splitJson(first);
  const unit = random.pick([first, mutateJson(element, tokens, random), withoutOne(element, random)]);
  const rest =
    others.map((other) => `,${other}`).join("") + tokens.slice(valueEnd(tokens, open) - 1).join("");
  return [tokens.slice(0, open + 1).join("") + first, `,${unit}`, "", "", rest];
}

/** An object without one of its members. */
function withoutOne(element: readonly string[], random: Random): string {
  const parts = partsWithin(element, 0);
  if (element[0] !== "{" || parts.length === 0) return element.join("");
  return `{${parts.toSpliced(random.below(parts.length), 1).join(",")}}`;
}

/** Many members with the same name. */
function grownObject(tokens: readonly string[], random: Random): Repeated {
  const open = bracketAfter(tokens, "{", random.below(tokens.length + 1));
  const parts = partsWithin(tokens, open);
  const isOwn = parts.length > 0 && random.chance(0.5);
  const unit = isOwn ? random.pick(parts) : `${oddName(random)}:${oddValue(random)}`;
  const rest = tokens.slice(open + 1).join("");
  return [tokens.slice(0, open + 1).join(""), `${unit},`, parts.length === 0 ? '"":0' : "", "", rest];
}

function grownSlice(tokens: readonly string[], random: Random): Repeated {
  const at = random.below(tokens.length);
  const unit = tokens.slice(at, at + random.size(20)).join("");
  return [tokens.slice(0, at).join(""), unit, "", "", tokens.slice(at).join("")];
}
