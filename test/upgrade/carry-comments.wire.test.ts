import { expect, test } from "vitest";
import { carryComments } from "../../scripts/upgrade/carry-comments.ts";
import { cutComments } from "../../scripts/upgrade/cut-comments.ts";
import { elementsOf } from "../../scripts/upgrade/elements.ts";
import { isSame } from "../../scripts/upgrade/write-schemas.ts";
import { compileFile, formatted } from "./compile.ts";

/** Gives a new schema the comments of ours. */
function carry(ours: string, theirs: string) {
  const bare = formatted(cutComments(theirs));
  const file = compileFile(bare);
  const [before, after] = [elementsOf(compileFile(ours), ours), elementsOf(file, bare)];
  const { text, toBeWritten } = carryComments(bare, file, before, after);
  return { text: formatted(text), toBeWritten };
}

const ours = `// The header.
//
//   Indented.

// Apart.
syntax = "proto3";

// The package.
package a.b;

// The service.
service S {
  // An RPC.
  rpc Do(M) returns (R) {}
}

// A message.
message M {
  // A part.
  //
  // A field.
  string first = 1;
  string bare = 2;

  // Detached.

  // Either.
  oneof choice {
    // One.
    string one = 3;
  }

  // A nested message.
  message Inner {
    // Optional.
    optional bytes data = 1;
  }

  // A map.
  map<string, Inner> map = 4;
}
message R {}

// An enum.
enum E {
  // Nothing.
  NONE = 0;
}
`;

test("comments of every kind of element stay as they are", () => {
  expect(carry(ours, ours)).toEqual({ text: ours, toBeWritten: [] });
});

test("comments follow their elements into another order and layout, and theirs are gone", () => {
  const theirs = `/* Theirs. */ syntax = "proto3"; package a.b; // Theirs.
    option go_package = "x"; option java_package = "y//z";
    enum E { NONE = 0; /* Theirs. */ }
    message R {}
    message M { map<string, Inner> map = 4; string bare = 2; // Theirs.
      message Inner { optional bytes data = 1; }
      oneof choice { string one = 3; } string first = 1; }
    service S { rpc Do(M) returns (R) {} }`;
  const { text, toBeWritten } = carry(ours, theirs);
  expect(toBeWritten).toEqual([]);
  expect(text).not.toMatch(/Theirs|go_package|java_package/);
  expect(text).toContain("// An enum.\nenum E {\n  // Nothing.\n  NONE = 0;\n}\nmessage R {}\n\n// A mess");
  expect(text).toContain("message M {\n  // A map.\n  map<string, Inner> map = 4;\n  string bare = 2;\n\n");
  expect(text).toContain(
    "// Optional.\n    optional bytes data = 1;\n  }\n\n  // Detached.\n\n  // Either.\n",
  );
  expect(text).toContain("\n\n  // A part.\n  //\n  // A field.\n  string first = 1;\n}\n");
});

test("a detached comment of a message's first element joins the comment, or it would be the message's own", () => {
  const theirs = cutComments(ours).replace("string first = 1;", "").replace("string bare = 2;", "");
  const { text } = carry(ours, theirs);
  expect(text).toContain("message M {\n  // Detached.\n  //\n  // Either.\n  oneof choice {\n");
  expect(carry(text, theirs).text).toBe(text);
});

test("comments beside their elements and block comments move above, as lines", () => {
  const odd = cutComments(ours)
    .replace("string bare = 2;", "/* Above,\n   * two lines. */\n  string bare = 2; // Beside.")
    .replace("message R {}", "message R { // Behind the brace.\n}");
  const { text } = carry(odd, ours);
  expect(text).toContain("  // Above,\n  // two lines.\n  //\n  // Beside.\n  string bare = 2;\n");
  expect(text).toContain("// Behind the brace.\nmessage R {}\n");
});

test("new elements get a comment to be written, but for the fields that every method has alike", () => {
  const theirs = cutComments(ours)
    .replace("R {}", "R { M error = 1; M result = 2; string more = 3; }\nmessage Reply { R r = 1; }")
    .replace("NONE = 0;", "NONE = 0; SOME = 1;")
    .replace("rpc Do", "rpc New(R) returns (M) {}\n  rpc Do");
  const { text, toBeWritten } = carry(ours, theirs);
  expect(toBeWritten).toEqual(["S.New", "R.more", "Reply", "E.SOME"]);
  expect(text.match(/To be written: `.*`\.$/gm)).toHaveLength(4);
  expect(text).toContain("  // Nothing.\n  NONE = 0;\n\n  // To be written: `E.SOME`.\n  SOME = 1;\n");
});

test("a comment goes by the name: a renamed field is new, and a field that takes over a name takes its comment", () => {
  const theirs = cutComments(ours)
    .replace("string one = 3;", "string first = 3;")
    .replace("first = 1", "last = 1");
  const { text, toBeWritten } = carry(ours, theirs);
  expect(toBeWritten).toEqual(["M.last"]);
  expect(text).toContain("    // A part.\n    //\n    // A field.\n    string first = 3;\n");
});

test.each([
  [
    true,
    "in comments and options for other languages alone",
    '// c\noption go_package = "x"; message M { int32 a = 1; }',
  ],
  [false, "in a number", "message M { int32 a = 2; }"],
  [false, "in an option", "option deprecated = true; message M { int32 a = 1; }"],
])("schemas are the same: %s, where they differ %s", (expected, _where, rest) => {
  const proto = (text: string) => compileFile(`syntax = "proto3"; package a; ${text}`).proto;
  expect(isSame(proto("message M { int32 a = 1; }"), proto(rest))).toBe(expected);
});
