import type { DefinedChannels, FoundDefinition } from "../channels/define-channels.ts";
import type { SchemaIssue } from "../channels/standard-schema.ts";
import { didYouMean } from "./did-you-mean.ts";
import { oneLine, shortLine } from "./one-line.ts";
import { PathError } from "./path-error.ts";

type Finder = Pick<DefinedChannels, "definitions" | "unknown" | "find">;

/** Characters of a schema's text in a message. The issues have all of them. */
const mostSaid = 500;

/** A name or a value is not as the definitions say. Other errors here say that a schema does not work. */
export class DefinitionError extends PathError {
  /** All that the schema says; undefined for a name. Not enumerable, as some libraries put the data into it. */
  declare readonly issues: readonly SchemaIssue[] | undefined;

  constructor(problem: string, issues?: readonly SchemaIssue[]) {
    super(problem);
    Object.defineProperty(this, "issues", { value: issues, writable: true });
  }
}

function refusedBy(pattern: string, issues: readonly SchemaIssue[], circumstances: readonly string[]) {
  const [first, ...others] = issues;
  const counted = others.length === 0 ? [] : [`${others.length} more issue${others.length > 1 ? "s" : ""}`];
  const notes = [`schema of ${pattern}`, ...circumstances, ...counted];
  const said = shortLine(`${first?.message ?? "refused"}`, mostSaid);
  const error = new DefinitionError(`${said} (${notes.join(", ")})`, issues);
  for (const step of [...(first?.path ?? [])].reverse()) error.under(stepOf(step));
  return error;
}

/** The issues of a schema that refused a value; undefined for another error. */
export const issuesOf = (error: unknown): readonly SchemaIssue[] | undefined =>
  error instanceof DefinitionError ? error.issues : undefined;

function stepOf(step: PropertyKey | { readonly key: PropertyKey }): string {
  const key = typeof step === "object" ? step.key : step;
  // A key may come from the data.
  return typeof key === "number" ? `[${key}]` : oneLine(String(key));
}

/**
 * The definition that takes a channel or method; undefined if none does and that is allowed.
 *
 * @throws DefinitionError for a name that is refused
 */
export function definitionOf(
  { definitions, unknown, find }: Finder,
  name: string,
): FoundDefinition | undefined {
  const found = find(name);
  if (found !== undefined || unknown === "allow") return found;
  const patterns = Object.keys(definitions);
  const expected = didYouMean(name, patterns) ?? `expected one of ${patterns.join(", ")}`;
  throw new DefinitionError(`nothing is defined for ${shortLine(name)}; ${expected}`);
}

/**
 * Gives a value to the schema of a definition, and returns the schema's output.
 *
 * @param circumstances gives more words for the error
 * @throws DefinitionError for a value that the schema refuses, PathError for a schema that gives no answer
 */
export function schemaOutput(
  { pattern, data }: FoundDefinition,
  value: unknown,
  circumstances?: () => readonly string[],
): unknown {
  let outcome: unknown;
  try {
    outcome = data["~standard"].validate(value);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : "it threw";
    throw new PathError(`the schema of ${pattern} failed: ${reason}`, { cause });
  }
  const answer = Object(outcome) as { then?: unknown; value?: unknown; issues?: unknown };
  if (typeof answer.then === "function") {
    // A rejection must not end the process.
    Promise.resolve(outcome).catch(() => {});
    throw new PathError(
      `the schema of ${pattern} answers with a promise; it must answer at once, as a request is encoded when the call is made; a schema of zod whose code throws does so, too`,
    );
  }
  if (Array.isArray(answer.issues)) throw refusedBy(pattern, answer.issues, circumstances?.() ?? []);
  if (!("value" in answer) || answer.issues)
    throw new PathError(`the schema of ${pattern} gave neither a value nor issues`);
  return answer.value;
}
