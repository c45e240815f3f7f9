import type { Random } from "../random.ts";
import { bracketAfter, partsWithin, valueAfter, valueEnd } from "./json-places.ts";
import { oddName, oddNumber, oddValue, respell, splitJson } from "./json-tokens.ts";

/**
 * The text of tokens with one to four changes that mostly leave it JSON: other values, numbers and spellings, white space,
 * and members and elements added, removed, doubled or moved. `other` has the tokens of a second text.
 */
export function mutateJson(tokens: readonly string[], other: readonly string[], random: Random): string {
  const mutated = [...tokens];
  for (let left = random.size(4); left > 0; left--) random.pick(mutations)(mutated, other, random);
  return mutated.join("");
}

type Mutation = (tokens: string[], other: readonly string[], random: Random) => void;

const place = (tokens: readonly string[], random: Random) => random.below(tokens.length + 1);

const mutations: readonly Mutation[] = [
  (tokens, _other, random) => putValue(tokens, oddValue(random), random),
  (tokens, _other, random) => putValue(tokens, oddValue(random), random),
  (tokens, _other, random) => putValue(tokens, "null", random),
  putOthersValue,
  changeNumber,
  (tokens, _other, random) => insert(tokens, "{", `${oddName(random)}:${oddValue(random)}`, random),
  (tokens, _other, random) => insert(tokens, "[", oddValue(random), random),
  rearrange,
  rearrange,
  respellString,
  insertSpace,
  misplaceToken,
];

function putValue(tokens: string[], value: string, random: Random): void {
  const start = valueAfter(tokens, place(tokens, random));
  tokens.splice(start, valueEnd(tokens, start) - start, value);
}

function putOthersValue(tokens: string[], other: readonly string[], random: Random): void {
  const start = valueAfter(other, place(other, random));
  putValue(tokens, other.slice(start, valueEnd(other, start)).join(""), random);
}

function changeNumber(tokens: string[], _other: readonly string[], random: Random): void {
  const numbers = [...tokens.keys()].filter((index) => /^[-0-9]/.test(tokens[index] as string));
  if (numbers.length === 0) return;
  const chosen = random.pick(numbers);
  tokens[chosen] = oddNumber(tokens[chosen] as string, random);
}

/** Puts `first` right after an opening bracket. */
function insert(tokens: string[], bracket: string, first: string, random: Random): void {
  const opening = bracketAfter(tokens, bracket, place(tokens, random));
  if (opening === -1) return;
  const isEmpty = /^[}\]]/.test(tokens[opening + 1] ?? "");
  tokens.splice(opening + 1, 0, isEmpty ? first : `${first},`);
}

/** Removes, doubles or moves a member or element, sometimes with another value. */
function rearrange(tokens: string[], _other: readonly string[], random: Random): void {
  const bracket = random.chance(0.8) ? "{" : "[";
  const open = bracketAfter(tokens, bracket, place(tokens, random));
  const parts = open === -1 ? [] : partsWithin(tokens, open);
  if (parts.length === 0) return;
  const chosen = random.below(parts.length);
  const part = parts[chosen] as string;
  if (random.chance(0.5)) parts.splice(chosen, 1);
  if (random.chance(0.7)) parts.splice(random.below(parts.length + 1), 0, respellPart(part, random));
  tokens.splice(open + 1, valueEnd(tokens, open) - open - 2, ...splitJson(parts.join(",")));
}

function respellPart(part: string, random: Random): string {
  const [name = "", colon] = splitJson(part);
  if (colon !== ":") return part;
  const value = random.pick([
    part.slice(name.length + 1),
    part.slice(name.length + 1),
    "null",
    oddValue(random),
  ]);
  return `${random.chance(0.2) ? oddName(random) : respell(name, random)}:${value}`;
}

function respellString(tokens: string[], _other: readonly string[], random: Random): void {
  const at = place(tokens, random);
  const string = tokens.findIndex((token, index) => index >= at && token.startsWith('"'));
  if (string !== -1) tokens[string] = respell(tokens[string] as string, random);
}

function insertSpace(tokens: string[], _other: readonly string[], random: Random): void {
  tokens.splice(place(tokens, random), 0, random.pick([" ", "\n", "\r\n\t", "  ", "\u00a0", "\f"]));
}

/** Drops, doubles or moves a token. The result is mostly not JSON. */
function misplaceToken(tokens: string[], _other: readonly string[], random: Random): void {
  const at = place(tokens, random);
  const [taken = ""] = tokens.splice(at, 1);
  if (random.chance(0.4)) return;
  tokens.splice(
    random.chance(0.5) ? at : place(tokens, random),
    0,
    random.chance(0.5) ? taken : taken + taken,
  );
}
