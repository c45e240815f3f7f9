import { runUnder } from "../path-error.ts";
import type { JsonScanner } from "./json-scanner.ts";

/** Reads a field's value into the message; `next` is the member that probably follows. */
export type ReadField = (scanner: JsonScanner, fields: Record<string, unknown>, next?: Member) => void;

/** A member of a JSON object, with the reader of its value. */
export interface Member {
  readonly name: string;
  /** The name as it is written, with its colon. */
  readonly written: string;
  /** The same behind another member. */
  readonly following: string;
  readonly read: ReadField;
  /**
   * The known member that followed this one last time, as a guess for the next time. A wrong guess costs one comparison.
   * Responses to a broadcast to 10,000 channels take 1.9 times as long as JSON.parse with the guess and 2.4 without.
   */
  next: Member | undefined;
}

export function newMember(name: string, read: ReadField): Member {
  return { name, written: `"${name}":`, following: `,"${name}":`, read, next: undefined };
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
  if (found === undefined) return newMember(name, known.get(name.toLowerCase())?.read ?? skip);
  previous.next = found;
  return found;
}

const skip: ReadField = (scanner) => {
  scanner.parsed(scanner.raw());
};
