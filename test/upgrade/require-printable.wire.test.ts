import { describe, expect, test } from "vitest";
import { requirePrintable } from "../../scripts/upgrade/schema/require-printable.ts";
import { compile, compileFile } from "./compile.ts";
import { today } from "./fixture-project.ts";

describe.concurrent("what the printer would lose is refused:", () => {
  const options = 'import "google/protobuf/descriptor.proto"; ';
  test.each([
    [
      "a custom option",
      `${options} extend google.protobuf.FieldOptions { string mine = 50000; } message M { string a = 1 [(mine) = "x"]; }`,
      ["the extension centrifugal.centrifugo.api.mine", "custom option 50000 of M.a"],
    ],
    [
      "an extension in a message",
      `${options} message M { extend google.protobuf.FileOptions { string mine = 50000; } }`,
      ["the extension centrifugal.centrifugo.api.M.mine"],
    ],
    [
      "a custom option of the file",
      `${options} extend google.protobuf.FileOptions { string mine = 50000; } option (mine) = "x";`,
      ["custom option 50000 of the file"],
    ],
    [
      "a public import",
      'import public "google/protobuf/any.proto";',
      ["the public import of google/protobuf/any.proto"],
    ],
  ])("%s", async (_what, schema, expected) => {
    const file = await compile(schema);
    for (const lost of expected) expect(() => requirePrintable(file, "it")).toThrow(`\n- ${lost}`);
  });

  test.each([
    [
      "proto2",
      'syntax = "proto2"; package p; message M { extensions 100 to 200; optional group G = 1 {} }',
      ["the syntax: expected proto3, got EDITION_PROTO2", "the extension range of M"],
    ],
    [
      "an edition",
      'edition = "2023"; package p; message M { string a = 1; }',
      ["the syntax: expected proto3, got EDITION_2023"],
    ],
  ])("%s", async (_what, schema, expected) => {
    const file = await compileFile(schema);
    for (const lost of expected) expect(() => requirePrintable(file, "it")).toThrow(`\n- ${lost}`);
  });

  test("and today's schema is not", async () => {
    const file = await compileFile(today.proto);
    expect(() => requirePrintable(file, "it")).not.toThrow();
  });
});
