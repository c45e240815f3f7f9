import type { BytesInput } from "../bytes-input.ts";
import { grownInput } from "../bytes-input.ts";
import type { Sample } from "../corpus.ts";
import type { Random } from "../random.ts";
import { oddName, oddValue, splitJson } from "./json-tokens.ts";

const mostBytes = 64 * 1024;

/** Repeated parts within a value, each with the text that closes it. */
const insideValue: readonly (readonly [
  open: string,
  unit: string,
  middle: string,
  close: string,
  end: string,
])[] = [
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

/** A text of which one part is repeated, up to 64 KiB. */
export function grownJson(sample: Sample, random: Random): BytesInput {
  const text = sample.bytes.toString();
  const tokens = splitJson(text);
  const at = random.below(tokens.length);
  const head = tokens.slice(0, at).join("");
  const tail = tokens.slice(at).join("");
  const [open, unit, middle, close, end] = growingPart(text, head, random);
  const times = Math.ceil(random.size(mostBytes) / (unit.length + close.length));
  // A shape is known by its repeated part and by the value or name in front of it.
  const shape = JSON.stringify(
    `${head.slice(-16)}${open}(${unit.slice(0, 60)})*${middle}${close ? `(${close})*` : ""}${end}`,
  );
  return grownInput(sample.schema, `${sample.schema.name} ${shape}`, times, (count) =>
    Buffer.from(head + open + unit.repeat(count) + middle + close.repeat(count) + end + tail),
  );
}

function growingPart(text: string, head: string, random: Random) {
  const member = `${oddName(random)}:${oddValue(random)},`;
  switch (random.below(3)) {
    case 0:
      return random.pick(insideValue);
    case 1:
      return ["", random.chance(0.5) ? member : `{${member}"offset":1},`, "", "", ""] as const;
    default:
      // Any slice of the text itself, such as an element with its comma.
      return ["", text.slice(head.length, head.length + random.size(200)) || ",", "", "", ""] as const;
  }
}
