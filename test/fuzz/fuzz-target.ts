import type { Random } from "./random.ts";

/** A value that the tested code returned, or a thrown error. */
export type Outcome<Value> = { readonly value: Value } | { readonly error: unknown };

export interface Verdict {
  /** The kind of the outcome, for the counts. A run without one of the kinds proves little. */
  readonly kind: string;
  /** How the outcome differs from the oracle's, in words; undefined for no difference. */
  readonly problem?: string | undefined;
}

/** Code under test, its inputs, and the oracle that judges outcomes without that code. */
export interface FuzzTarget<Input, Value> {
  readonly name: string;
  make(random: Random): Input;
  run(input: Input): Value;
  judge(input: Input, outcome: Outcome<Value>): Verdict;
  sizeOf(input: Input): number;
  /** The input as text from which a person can make it again. */
  show(input: Input): string;
  /** The smallest input found for which `fails` still holds. */
  minimize(input: Input, fails: (smaller: Input) => boolean): Input;
  /** How the input grows with a number; undefined for an input without a repeated part. */
  growthOf(input: Input): Growth<Input> | undefined;
}

export interface Growth<Input> {
  /** The name of the shape. Inputs of one shape differ only in length. */
  readonly shape: string;
  readonly times: number;
  make(times: number): Input;
}

export function outcomeOf<Value>(run: () => Value): Outcome<Value> {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
}

/** A short text for an error of any class. */
export function nameError(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error);
}
