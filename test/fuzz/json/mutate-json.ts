import type { Random } from "../random.ts";
import { oddName, oddValue, respell } from "./json-tokens.ts";

/**
 * The text of tokens with one to four changes that mostly leave it JSON: other values, more members and elements, members
 * twice, names and strings in another spelling, white space. `other` has the tokens of a second text.
 */
export function mutateJson(tokens: readonly string[], other: readonly string[], random: Random): string {
  const mutated = [...tokens];
  for (let left = random.size(4); left > 0; left--) mutateOnce(mutated, other, random);
  return mutated.join("");
}

function mutateOnce(tokens: string[], other: readonly string[], random: Random): void {
  const at = random.below(tokens.length + 1);
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      putValue(tokens, at, oddValue(random));
      return;
    case 3:
      putValue(tokens, at, "null");
      return;
    case 4: {
      const start = valueAfter(other, random.below(other.length + 1));
      putValue(tokens, at, other.slice(start, valueEnd(other, start)).join(""));
      return;
    }
    case 5:
    case 6:
      insert(tokens, "{", at, `${oddName(random)}:${oddValue(random)}`);
      return;
    case 7:
      insert(tokens, "[", at, oddValue(random));
      return;
    case 8:
      repeatMember(tokens, at, random);
      return;
    case 9: {
      const string = tokens.findIndex((token, index) => index >= at && token.startsWith('"'));
      if (string !== -1) tokens[string] = respell(tokens[string] as string, random);
      return;
    }
    case 10:
      tokens.splice(at, 0, random.pick([" ", "\n", "\r\n\t", "  ", "\u00a0", "\f"]));
      return;
    default:
      misplace(tokens, at, random);
      return;
  }
}

/** The index of the first value at or behind `at` that is no name. */
function valueAfter(tokens: readonly string[], at: number): number {
  const isStart = (index: number) =>
    !/^[}\],: \t\r\n]/.test(tokens[index] as string) && tokens[index + 1]?.startsWith(":") !== true;
  for (let index = at; index < tokens.length; index++) if (isStart(index)) return index;
  return 0;
}

function valueEnd(tokens: readonly string[], start: number): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === "{" || token === "[") depth++;
    if (token === "}" || token === "]") depth--;
    if (depth <= 0) return at + 1;
  }
  return tokens.length;
}

function putValue(tokens: string[], at: number, value: string): void {
  const start = valueAfter(tokens, at);
  tokens.splice(start, valueEnd(tokens, start) - start, value);
}

/** Puts `first` behind the next opening bracket, in front of all that is there. */
function insert(tokens: string[], bracket: string, at: number, first: string): void {
  const opening = Math.max(tokens.indexOf(bracket, at), tokens.indexOf(bracket));
  if (opening === -1) return;
  const isEmpty = /^[}\]]/.test(tokens[opening + 1] ?? "");
  tokens.splice(opening + 1, 0, isEmpty ? first : `${first},`);
}

/** Has a member twice, each time with a name and value of its own spelling. */
function repeatMember(tokens: string[], at: number, random: Random): void {
  const colon = tokens.indexOf(":", at);
  const name = tokens[colon - 1];
  if (colon < 1 || name === undefined) return;
  const value = tokens.slice(colon + 1, valueEnd(tokens, colon + 1)).join("");
  const repeated = random.chance(0.5) ? value : oddValue(random);
  tokens.splice(colon - 1, 0, `${respell(name, random)}:${repeated},`);
}

/** Drops, doubles or moves a token, which mostly leaves no JSON. */
function misplace(tokens: string[], at: number, random: Random): void {
  const [taken = ""] = tokens.splice(at, 1);
  if (random.chance(0.4)) return;
  const place = random.chance(0.5) ? at : random.below(tokens.length + 1);
  tokens.splice(place, 0, random.chance(0.5) ? taken : `${taken}${taken}`);
}
