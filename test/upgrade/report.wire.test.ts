import { expect, test } from "vitest";
import { compare, elementsOf } from "../../scripts/upgrade/elements.ts";
import { type Findings, whatIsLeft, whatIsNew } from "../../scripts/upgrade/report.ts";
import { type SchemaFile, schemaFiles } from "../../scripts/upgrade/schema-files.ts";
import { compileFile, formatted } from "./compile.ts";

const [api, proxy] = schemaFiles as [SchemaFile, SchemaFile];

const before = formatted(`syntax = "proto3"; package a;
  service S { rpc Info(M) returns (R) {} rpc Old(M) returns (R) {} }
  message M { string a = 1; E e = 2; } message R {} message Command { M info = 1; M old = 2; }
  enum E { NONE = 0; }`);
const after = formatted(`syntax = "proto3"; package a;
  service S {
    rpc Info(M) returns (R) { option deprecated = true; }
    rpc GetURLMap(GetURLMapRequest) returns (R) {}
  }
  message GetURLMapRequest { string prefix = 1; }
  message M { map<string, string> more = 3 [deprecated = true, json_name = "x"]; E e = 2; } message R {}
  message Command { M info = 1; GetURLMapRequest get_url_map = 3; }
  enum E { NONE = 0; SOME = 1; }`);
const difference = compare(elementsOf(compileFile(before), before), elementsOf(compileFile(after), after));
const broken = [
  'proto/a.proto:1:2:Previously present field "1" with name "a" on message "M" was deleted.',
  'proto/a.proto:7:3:Field "2" with name "e" on message "M" changed type from "enum" to "string".',
];
const rest = { schema: api, isChanged: true, toBeWritten: ["M.more"], lost: ["Its name.", "Why."] };
const written = [{ ...rest, ...difference }];
const findings: Findings = { name: "new.proto", release: "6.10.0", ourRelease: "6.9.1", written, broken };
const same = { ...findings, written: [{ ...rest, added: [], removed: [], deprecated: [] }], broken: [] };

test("the report has each new, removed and deprecated element once, and the words of buf breaking", () => {
  expect(whatIsNew(findings)).toBe(`new.proto differs from proto/ (version 6.9.1).

Added to ${api.path}:
  rpc S.GetURLMap: rpc GetURLMap(GetURLMapRequest) returns (R)
  message GetURLMapRequest
  field M.more: map<string, string> more = 3
  field Command.get_url_map: GetURLMapRequest get_url_map = 3
  enum value E.SOME: SOME = 1

Removed from ${api.path}:
  rpc S.Old: rpc Old(M) returns (R)
  field M.a: string a = 1
  field Command.old: M old = 2

Deprecated in ${api.path}:
  rpc S.Info: rpc Info(M) returns (R)
  field M.more: map<string, string> more = 3

This breaks programs that use the SDK, says \`buf breaking\`:
  ${broken.join("\n  ")}`);
});

test("the report says what is left by hand, and the changelog entry what users notice", () => {
  expect(whatIsLeft(findings)).toBe(`To look at:
  - for getUrlMap, old: src/schema/required-fields.ts, the README's table, src/testing/engine, src/client/consumer-command.ts
  - src/schema/required-fields.ts: whether the server requires a new field
  - comments for 1 new elements: grep -rn "To be written" proto, then npm run generate
  - comments that are gone:
      Its name.
      Why.

For CHANGELOG.md, to be edited:

## Unreleased

For Centrifugo 6.10.0.

### Added

- Method \`getUrlMap\`.
- Field \`M.more\`.
- Enum value \`E.SOME\`.

### Changed

- **Breaking:** Field "2" with name "e" on message "M" changed type from "enum" to "string".

### Deprecated

- Method \`info\`.
- Field \`M.more\`.

### Removed

- **Breaking:** method \`old\`.
- **Breaking:** field \`M.a\`.`);
});

test("the elements of a schema without client methods have their full names in the changelog", () => {
  const entry = whatIsLeft({ ...findings, written: [{ ...rest, ...difference, schema: proxy }] });
  const scope = "centrifugal.centrifugo.proxy";
  expect(entry).toContain(
    `- Rpc \`${scope}.S.GetURLMap\`.\n- Field \`${scope}.M.more\`.\n- Field \`${scope}.Comm`,
  );
  expect(entry).not.toMatch(/for getUrlMap|required-fields/);
});

test("a source without a known release leaves the header to the reader", () => {
  const left = whatIsLeft({ ...same, release: undefined });
  expect(left).toContain("  - the header in proto/, if it is not 6.9.1: --release writes another one\n");
  expect(left).not.toContain("For Centrifugo");
});

test("a source with our schema has nothing new", () => {
  expect(whatIsNew(same)).toBe("Nothing new: new.proto and proto/ (version 6.9.1) have the same schema.");
  expect(whatIsNew({ ...findings, broken: [] })).toMatch(/\n\nNothing of it breaks programs .*\.$/);
});
