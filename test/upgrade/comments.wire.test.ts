import { describe, expect, test } from "vitest";
import { compareSchemas } from "../../scripts/upgrade/compare/compare-schemas.ts";
import { readSchema, type Schema } from "../../scripts/upgrade/schema/read-schema.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";
import { type WriteOptions, type WrittenSchema, writeSchema } from "../../scripts/upgrade/write-schema.ts";

const frame = (rpcs: string, fields: string, rest: string) => `package centrifugal.centrifugo.api;
service CentrifugoApi {
  // Runs commands.
  rpc Batch(BatchRequest) returns (BatchResponse) {}
  rpc Publish(PublishRequest) returns (PublishResponse) {}
  ${rpcs}
}
message BatchRequest { repeated Command commands = 1; }
message BatchResponse { repeated Reply replies = 1; }
message Command { PublishRequest publish = 1; ${fields} }
message Reply { Error error = 1; }
message Error { uint32 code = 1; }
message PublishRequest { string channel = 1; }
message PublishResponse { Error error = 1; }
${rest}`;
const schema = (
  rpcs: string,
  fields: string,
  rest: string,
  top = "// The server API of Centrifugo, as version 6.9.1 speaks it.\n",
) => `${top}syntax = "proto3";\n${frame(rpcs, fields, rest)}`;

async function read(text: string): Promise<Schema> {
  using work = temporaryFolder();
  return await readSchema(text, "schema of the test", {
    folder: work.path,
    signal: new AbortController().signal,
  });
}

async function write(
  before: string,
  after: string,
  options: Partial<WriteOptions> = {},
): Promise<WrittenSchema> {
  const [ours, theirs] = await Promise.all([read(before), read(after)]);
  const changes = compareSchemas(ours.file, theirs.file);
  return writeSchema(ours, theirs, changes, { release: undefined, theirComments: false, ...options });
}

const ours = schema(
  "",
  "",
  "// A thing.\nmessage Thing {\n  // Its name.\n  string name = 1;\n  string bare = 2;\n}\n",
);
const bare = (text: string) => text.replaceAll(/^ *\/\/.*\n/gm, "");

describe.concurrent("a new schema", () => {
  test("keeps our comments, and marks what is new but goes without saying", async () => {
    const after = schema(
      "// Theirs.\n rpc Do(DoRequest) returns (DoResponse) {}",
      "DoRequest do = 2;",
      "message DoRequest { oneof o { string a = 1; } enum E { Z = 0; } } message DoResponse { Error error = 1; DoResult result = 2; string extra = 3; } message DoResult {} message Thing { string name = 1; string bare = 2; string fresh = 3; }",
    ).replace("Reply { Error error = 1; }", "Reply { Error error = 1; DoResult do = 2; }");
    const { text, toBeWritten } = await write(ours, bare(after));
    expect(toBeWritten).toEqual([
      "CentrifugoApi.Do",
      "Command.do",
      "DoRequest",
      "DoRequest.o",
      "DoRequest.a",
      "DoResponse",
      "DoResponse.extra",
      "DoResult",
      "Thing.fresh",
      "DoRequest.E",
      "DoRequest.E.Z",
    ]);
    expect(text).toContain(
      "// A thing.\nmessage Thing {\n  // Its name.\n  string name = 1;\n  string bare = 2;\n\n  // To be written: `Thing.fresh`.\n  string fresh = 3;\n}\n",
    );
    expect(text.match(/To be written: `.*`\.$/gm)).toHaveLength(toBeWritten.length);
    expect(text).toContain("message DoResponse {\n  Error error = 1;\n  DoResult result = 2;\n");
  });

  test("takes the source's comments for new elements where it is told to", async () => {
    const after = schema(
      "",
      "",
      "// Their thing.\nmessage Thing {\n  string name = 1;\n  string bare = 2;\n  // Theirs.\n  string fresh = 3;\n  string silent = 4;\n}",
    );
    const { text, toBeWritten } = await write(ours, after, { theirComments: true });
    expect(text).toContain("// A thing.\nmessage Thing {\n  // Its name.\n");
    expect(text).toContain("  // Theirs.\n  string fresh = 3;\n");
    expect(toBeWritten).toEqual(["Thing.silent"]);
  });

  test("takes those of a descendant of ours as they are, and its header", async () => {
    const after = ours
      .replace(
        "  string bare = 2;\n",
        "  string bare = 2;\n  // Written on a branch.\n  string fresh = 3;\n  string silent = 4;\n",
      )
      .replace("// The server API", "// The API on the branch")
      .replace("package", "// A package.\npackage");
    const { text, toBeWritten } = await write(ours, after);
    expect(text).toContain("  // Written on a branch.\n  string fresh = 3;\n");
    const [first] = text.split("\n");
    expect(first).toBe("// The API on the branch of Centrifugo, as version 6.9.1 speaks it.");
    expect(text).toContain("// A package.\npackage");
    expect(toBeWritten).toEqual(["Thing.silent"]);
  });

  test("does not take a schema with one other comment for a descendant", async () => {
    const after = ours
      .replace("  string bare = 2;\n", "  string bare = 2;\n  // Written on a branch.\n  string fresh = 3;\n")
      .replace("// Its name.", "// Another.");
    const { text, toBeWritten } = await write(ours, after);
    expect(toBeWritten).toEqual(["Thing.fresh"]);
    expect(text).toContain("// Its name.");
  });

  test("does not take one without comments for a descendant of one with a header alone", async () => {
    const [headline = ""] = ours.split("\n");
    const { text, toBeWritten } = await write(
      `${headline}\n${bare(ours)}`,
      bare(ours).replace("bare = 2;", "bare = 2; string fresh = 3;"),
    );
    expect(text).toMatch(/^\/\/ The server API of Centrifugo, newer than version 6\.9\.1\.\n/);
    expect(toBeWritten).toEqual(["Thing.fresh"]);
  });

  test("has the comments of its first field above that field, whatever stood between", async () => {
    const before = ours.replace("  string bare = 2;", "\n  // A part.\n\n  // Bare.\n  string bare = 2;");
    expect(
      (await write(before, bare(before).replace("string bare", "string x = 3; string bare"))).text,
    ).toContain("  string x = 3;\n\n  // A part.\n\n  // Bare.\n  string bare = 2;");
    const { text } = await write(before, bare(before).replace("string name = 1;", ""));
    expect(text).toContain("message Thing {\n  // A part.\n  //\n  // Bare.\n  string bare = 2;");
  });

  test("keeps the comments of what was renamed, and says so", async () => {
    const before = schema(
      "// Does it.\nrpc Do(Thing) returns (Other) {}",
      "Thing do = 2;",
      "// A thing.\nmessage Thing {\n  // Its name.\n  string name = 1;\n  // Either.\n  oneof o { string x = 2; }\n}\nmessage Other { string y = 1;\n// Kinds.\n enum Kind {\n  // None.\n  NONE = 0; } }",
    );
    const after = bare(before)
      .replace("rpc Do", "rpc Make")
      .replace("Thing do", "Thing make")
      .replace("name = 1", "label = 1")
      .replace("oneof o", "oneof p")
      .replace("NONE", "NOTHING");
    const { text, moved, toBeWritten } = await write(before, after);
    expect(moved).toEqual(["CentrifugoApi.Make", "Thing.p", "Thing.label", "Other.Kind.NOTHING"]);
    expect(toBeWritten).toEqual([]);
    expect(text).toContain("  // Does it.\n  rpc Make");
    expect(text).toContain("  // Its name.\n  string label = 1;");
    expect(text).toContain("  // Either.\n  oneof p {");
    expect(text).toContain("    // None.\n    NOTHING = 0;");
  });

  test("keeps those in a message that was renamed", async () => {
    const after = bare(ours).replace("message Thing", "message Object");
    const { text, moved } = await write(ours, after);
    expect(text).toContain("// A thing.\nmessage Object {\n  // Its name.\n  string name = 1;\n");
    expect(moved).toEqual(["Object", "Object.name"]);
  });

  test("has the release in its header where it is known, and no lie where it is not", async () => {
    const added = bare(ours).replace("bare = 2;", "bare = 2; string fresh = 3;");
    const removed = bare(ours).replace("string bare = 2;", "");
    const first = async (after: string, release?: string) => (await write(ours, after, { release })).header;
    const line = (end: string) => `The server API of Centrifugo, ${end}.`;
    expect([
      await first(added, "6.10.0"),
      await first(added),
      await first(removed),
      await first(bare(ours)),
      await first(bare(ours), "6.10.0"),
      await first(bare(ours), "6.9.0"),
    ]).toEqual([
      line("as version 6.10.0 speaks it"),
      line("newer than version 6.9.1"),
      line("other than version 6.9.1"),
      line("as version 6.9.1 speaks it"),
      line("as version 6.10.0 speaks it"),
      line("as version 6.9.1 speaks it"),
    ]);
  });

  test("names the comments that belong to nothing", async () => {
    const before = ours.replace(
      "  string bare = 2;\n",
      '  // Why reserved.\n  reserved 9; // "Behind".\n  string bare = 2;\n\n  // At the end.\n',
    );
    const { lost } = await write(before, bare(before).replace("bare = 2;", "bare = 2; string fresh = 3;"));
    expect(lost).toEqual(["Why reserved.", '"Behind".', "At the end."]);
  });
});
