import type { DescFile } from "@bufbuild/protobuf";
import { describe, expect, test } from "vitest";
import { formatSchema } from "../../scripts/upgrade/print/format-schema.ts";
import { printFile } from "../../scripts/upgrade/print/print-file.ts";
import { locationsOf } from "../../scripts/upgrade/schema/locations.ts";
import { sameDescriptor } from "../../scripts/upgrade/schema/same-descriptor.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";
import { compile, compileFile } from "./compile.ts";
import { today } from "./fixture-project.ts";
import { asUpstream } from "./older-schema.ts";

function print(file: DescFile): string {
  const { positions, comments } = locationsOf(file);
  return printFile(file, positions, comments);
}

async function format(text: string): Promise<string> {
  using work = temporaryFolder();
  return await formatSchema(text, { folder: work.path, signal: new AbortController().signal });
}

/** A schema with every construct that the printer knows, laid out badly. */
const everything = `
/* A header
 * of two lines. */
syntax = "proto3"; // And more.

// The package.
package centrifugal.centrifugo.api;
import "google/protobuf/timestamp.proto"; import "google/protobuf/any.proto";
import "google/protobuf/struct.proto"; import "google/protobuf/duration.proto";
option go_package = "./;apiproto"; option java_package = "org.example"; option optimize_for = SPEED;
option deprecated = true;
enum Top { option allow_alias = true; option deprecated = true; reserved 7, 5, 6, -3; reserved "OLD", "ANCIENT";
  // Nothing.
  TOP_ZERO = 0;
  TOP_ONE = 1; TOP_UNO = 1 [deprecated=true]; // The same.
  TOP_NEGATIVE = -1; }
message Empty {}

// A section.

// With a lot.
message Lot {
  // First in the braces.

  // Of the field.
  string plain = 1;
  /* Block
     comment. */
  optional int64 present = 2; repeated uint32 numbers = 3 [packed = false, deprecated = true];
  map<string, Lot.Inner> inners = 4; map<int32, .google.protobuf.Struct> structs = 5;
  //No space.
  bytes named = 6 [json_name = "otherName"];
  // Either of two.
  oneof choice {
    // One.
    Empty one = 10;
    Inner.Deep two = 11; }
  message Inner { reserved 2; reserved 100 to max; enum Kind { KIND_UNKNOWN = 0; } Kind kind = 1;
    message Deep { Lot.Inner.Kind kind = 1; Top top = 2; .centrifugal.centrifugo.api.Lot all = 3; option deprecated = true; } }
  .google.protobuf.Timestamp time = 12;

  // Apart.

  // Scalars.
  double d = 30; float f = 31; fixed32 x32 = 32; fixed64 x64 = 33; sfixed32 s32 = 34; sfixed64 s64 = 35;
  sint32 i32 = 36; sint64 i64 = 37 [jstype = JS_STRING]; bool b = 38;
}
message google { Top not_the_package = 1; .google.protobuf.Any any = 2; }
service Empties {}
service CentrifugoApi { option deprecated = true; rpc A(Empty) returns (Lot); // Behind.
  rpc B(stream Empty) returns (stream Lot.Inner) { option idempotency_level = NO_SIDE_EFFECTS; option deprecated = true; } }
`;

const printed = `// A header
// of two lines.
//
// And more.
syntax = "proto3";

// The package.
package centrifugal.centrifugo.api;

import "google/protobuf/any.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";

option deprecated = true;

service Empties {}

service CentrifugoApi {
  option deprecated = true;

  // Behind.
  rpc A(Empty) returns (Lot) {}
  rpc B(stream Empty) returns (stream Lot.Inner) {
    option deprecated = true;
    option idempotency_level = NO_SIDE_EFFECTS;
  }
}

enum Top {
  option allow_alias = true;
  option deprecated = true;

  reserved -3;
  reserved 5 to 7;
  reserved "ANCIENT";
  reserved "OLD";

  // Nothing.
  TOP_ZERO = 0;
  TOP_ONE = 1;

  // The same.
  TOP_UNO = 1 [deprecated = true];
  TOP_NEGATIVE = -1;
}

message Empty {}

// A section.

// With a lot.
//
// First in the braces.
message Lot {
  // Of the field.
  string plain = 1;

  // Block
  // comment.
  optional int64 present = 2;
  repeated uint32 numbers = 3 [packed = false, deprecated = true];
  map<string, Inner> inners = 4;
  map<int32, .google.protobuf.Struct> structs = 5;

  // No space.
  bytes named = 6 [json_name = "otherName"];

  // Either of two.
  oneof choice {
    // One.
    Empty one = 10;
    Inner.Deep two = 11;
  }

  message Inner {
    reserved 2;
    reserved 100 to max;

    enum Kind {
      KIND_UNKNOWN = 0;
    }

    Kind kind = 1;

    message Deep {
      option deprecated = true;

      Kind kind = 1;
      Top top = 2;
      Lot all = 3;
    }
  }

  .google.protobuf.Timestamp time = 12;

  // Apart.

  // Scalars.
  double d = 30;
  float f = 31;
  fixed32 x32 = 32;
  fixed64 x64 = 33;
  sfixed32 s32 = 34;
  sfixed64 s64 = 35;
  sint32 i32 = 36;
  sint64 i64 = 37 [jstype = JS_STRING];
  bool b = 38;
}

message google {
  Top not_the_package = 1;
  .google.protobuf.Any any = 2;
}
`;

describe("the printer", () => {
  test("leaves today's schema as it is, to the byte", async () => {
    const file = await compileFile(today.proto);
    expect(print(file)).toBe(today.proto);
    expect(await format(print(file))).toBe(today.proto);
  });

  test("does not care how a schema is laid out", async () => {
    const upstream = print(await compileFile(asUpstream(today.proto)));
    expect(upstream).not.toContain("go_package");
    expect(upstream).toBe(print(await compileFile(asUpstream(today.proto).replaceAll(/\s+/g, " "))));
    expect(upstream).toBe(await format(upstream));
    expect(withoutComments(upstream)).toEqual(withoutComments(today.proto));
  });

  test("writes every construct", async () => {
    expect(print(await compileFile(everything))).toBe(printed);
  });

  test("writes the names of imported types without a dot before them where it can", async () => {
    const imported = 'import "google/protobuf/any.proto";';
    const text = print(await compile(`${imported} message M { .google.protobuf.Any any = 1; }`));
    expect(text).toContain("message M {\n  google.protobuf.Any any = 1;\n}\n");
  });

  test("says the same as what it read, and again when that is read", async () => {
    const [read, written, formatted] = await Promise.all([
      compileFile(everything),
      compileFile(printed),
      format(printed).then(compileFile),
    ]);
    expect(sameDescriptor(read, written)).toBe(true);
    expect(sameDescriptor(read, formatted)).toBe(true);
    expect(print(written)).toBe(printed);
    expect(print(formatted)).toBe(printed);
  });
});

/** The lines that say something to a compiler. */
function withoutComments(schema: string): string[] {
  return schema.split("\n").filter((line) => !/^\s*(?:\/\/.*)?$/.test(line));
}

describe.concurrent("two schemas are told apart by", () => {
  test.each([
    ["a number", "message M { string a = 1; }", "message M { string a = 2; }"],
    [
      "the order of fields",
      "message M { string a = 1; string b = 2; }",
      "message M { string b = 2; string a = 1; }",
    ],
    [
      "an option",
      "message M { string a = 1; }",
      "message M { string a = 1 [jstype = JS_NORMAL]; }".replace("string", "int64"),
    ],
    ["a reserved number", "message M { reserved 1 to 3; }", "message M { reserved 1 to 4; }"],
    ["a reserved value", "enum E { A = 0; reserved 1 to 3; }", "enum E { A = 0; reserved 1 to 4; }"],
    ["a deprecated file", "", "option deprecated = true;"],
  ])("%s", async (_what, one, other) => {
    expect(sameDescriptor(await compile(one), await compile(one))).toBe(true);
    expect(sameDescriptor(await compile(one), await compile(other))).toBe(false);
  });
});
