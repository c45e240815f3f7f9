import { runUnder } from "../path-error.ts";
import type { JsonScanner } from "./json-scanner.ts";

/** Reads the value at the scanner's place; undefined where there is none. `following` is the text that probably follows. */
export type ReadValue = (scanner: JsonScanner, following?: string) => unknown;

/** A member of a JSON object, with the reader of its value. */
export interface Member {
  readonly name: string;
  /** The name as it is written, with its colon. */
  readonly written: string;
  /** The same behind another member. */
  readonly following: string;
  /** The names of the field, and of its oneof if it is in one, in the generated message. */
  readonly localName: string;
  readonly oneof: string | undefined;
  readonly read: ReadValue;
  /**
   * The known member that followed this one last time, as a guess for the next time. A wrong guess costs one comparison.
   * Responses to a broadcast to 10,000 channels take 1.9 times as long as JSON.parse with the guess and 2.4 without.
   */
  next: Member | undefined;
}

export function newMember(name: string, localName = "", read = skip, oneof?: string): Member {
  return { name, written: `"${name}":`, following: `,"${name}":`, localName, oneof, read, next: undefined };
}

/** Reads a member's name and its colon. The members that are `known` have names in lower case. */
export function readMemberName(
  scanner: JsonScanner,
  known: ReadonlyMap<string, Member>,
  previous: Member,
): Member {
  const guess = previous.next;
  if (guess !== undefined && scanner.takeWritten(guess.written)) return guess;
  const name = scanner.string("a field name");
  runUnder(name, () => scanner.expect(":"));
  const found = known.get(name);
  if (found === undefined) {
    const inOtherCase = known.get(name.toLowerCase());
    return newMember(name, inOtherCase?.localName, inOtherCase?.read, inOtherCase?.oneof);
  }
  previous.next = found;
  return found;
}

/** Checks the value of an unknown member, which has no place in the message. */
function skip(scanner: JsonScanner): unknown {
  scanner.parsed(scanner.raw());
  return undefined;
}
