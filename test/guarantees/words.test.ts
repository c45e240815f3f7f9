import { expect, test } from "vitest";
import { unnamedSubjects } from "../../scripts/words/unnamed-subjects.ts";

/** The sentences that are found in a source with these lines. A line that begins with # stands for a comment. */
function found(...lines: readonly string[]): string[] {
  const text = lines.join("\n").replaceAll("#", "//");
  return unnamedSubjects("src/any.ts", text).map(({ line, text }) => `${line}: ${text}`);
}

test.each(["Those are read later.", "Whoever asks gets it.", "Nobody reads the rest."])(
  "the sentence %j has no named subject, wherever it stands",
  (sentence) => {
    expect(found(`# ${sentence}`)).toEqual([`1: ${sentence}`]);
    expect(found("# Bodies are short.", `# ${sentence}`)).toEqual([`2: ${sentence}`]);
    expect(unnamedSubjects("docs/any.md", `Bodies are short. ${sentence}`)).toHaveLength(1);
  },
);

test.each([
  "Not awaited: a generator may return much later.",
  "Not JSON.",
  "Without it, a server would be asked for ever.",
  "Without a trailing slash.",
  "First of all, so that a stranger learns nothing.",
])("a comment that begins with %j has no named subject", (sentence) => {
  expect(found(`# ${sentence}`)).toEqual([`1: ${sentence}`]);
  expect(found("const a = 1;", `  const b = 2; # ${sentence}`)).toEqual([`2: ${sentence}`]);
  expect(found("/**", ` * ${sentence}`, " */")).toEqual([`2: ${sentence}`]);
});

test.each([
  ["after another sentence", ["# A key is needed. Without it, calls get status 401."]],
  ["after another line", ["# A key is needed.", "# Without it, calls get status 401."]],
  ["within a sentence", ["# A call ends", "# Without a key, and at the deadline."]],
  ["in a word", ["# Notes are kept.", "const without = 1;", "# Withouts are no word."]],
  ["outside of a comment", ['const text = "Not found";', "Not(1);"]],
])("the words Not and Without are fine %s", (_where, lines) => {
  expect(found(...lines)).toEqual([]);
});

test("the page of a guide may begin a sentence with a condition", () => {
  expect(
    unnamedSubjects("docs/any.md", "Without a key, calls get status 401.\n\nNot all servers do."),
  ).toEqual([]);
});

test("the name of a test needs a subject, and other strings do not", () => {
  const text = ['test("is fine", () => {});', 'test("a key is fine", () => {});', 'say("is fine");'].join(
    "\n",
  );
  expect(unnamedSubjects("test/any.test.ts", text)).toEqual([{ line: 1, text: "is fine" }]);
  expect(unnamedSubjects("src/any.ts", text)).toEqual([]);
});
