import { runUnder } from "../path-error.ts";
import type { JsonScanner } from "./json-scanner.ts";

/** Reads the scanner's next value; undefined if the field stays unset. @param following the text that probably follows */
export type ReadValue = (scanner: JsonScanner, following?: string) => unknown;

/** A member of a JSON object, with the reader of its value. */
export interface Member {
  readonly name: string;
  /** `"name":` */
  readonly written: string;
  /** `,"name":` */
  readonly following: string;
  /** The names of the field and of its oneof, if any, in the generated message. */
  readonly localName: string;
  readonly oneof: string | undefined;
  readonly read: ReadValue;
  /**
   * The member that followed this one last time: a guess for the next time. A wrong guess costs one comparison. Compared
   * to JSON.parse, the reply to a broadcast to 10,000 channels takes 1.9 times as long with guesses and 2.4 without.
   */
  next: Member | undefined;
}

export function newMember(name: string, localName = "", read = skip, oneof?: string): Member {
  return { name, written: `"${name}":`, following: `,"${name}":`, localName, oneof, read, next: undefined };
}

/** Reads a member's name and its colon. Matches names in any case; the keys of `known` are in lower case. */
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

/** Reads past the value of an unknown member. @throws JsonReadError if it is not JSON */
function skip(scanner: JsonScanner): unknown {
  scanner.parsed(scanner.raw());
  return undefined;
}
