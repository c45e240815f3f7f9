import { expect, test } from "vitest";
import type { Change } from "../../scripts/upgrade/compare/change.ts";
import { changelogEntry } from "../../scripts/upgrade/report/changelog-entry.ts";

const breaking = "a reason";
const changes: readonly Change[] = [
  { kind: "added", element: "rpc", name: "CentrifugoApi.MapCount", detail: "(A) returns (B)" },
  { kind: "added", element: "message", name: "MapCountRequest", detail: "1 field" },
  { kind: "added", element: "field", name: "Command.map_count", detail: "MapCountRequest = 43" },
  { kind: "added", element: "field", name: "PublishRequest.ttl", detail: "uint32 = 10" },
  { kind: "renamed", element: "field", name: "A.new", formerName: "A.old", breaking },
  { kind: "retyped", element: "field", name: "A.b", detail: "int32 → string", breaking },
  { kind: "changed", element: "message", name: "A", detail: 'with reserved 1 to 3, without reserved "x"' },
  { kind: "changed", element: "field", name: "A.c", detail: "with jstype = JS_STRING" },
  { kind: "deprecated", element: "rpc", name: "CentrifugoApi.Info" },
  { kind: "no longer deprecated", element: "field", name: "A.d" },
  { kind: "removed", element: "message", name: "Unused", breaking },
  { kind: "removed", element: "field", name: "Command.id", detail: "uint32 = 1", breaking },
];
const names = {
  methodName: ({ name }: Change) => (name === "CentrifugoApi.MapCount" ? "mapCount" : "info"),
  batchMessages: ["Command", "Reply"],
};

test("an entry for CHANGELOG.md has a line for each change that matters to users", () => {
  expect(changelogEntry(changes, "6.10.0", names)).toBe(`## Unreleased

For Centrifugo 6.10.0.

### Added

- Method \`mapCount\`.
- Field \`PublishRequest.ttl\`.

### Changed

- **Breaking:** field \`A.old\` → \`A.new\`: renamed.
- **Breaking:** field \`A.b\`: retyped, int32 → string.
- Field \`A.c\`: changed, with jstype = JS_STRING.
- Field \`A.d\`: no longer deprecated.

### Deprecated

- Method \`info\`.

### Removed

- **Breaking:** message \`Unused\`.
- **Breaking:** field \`Command.id\`.`);
});

test("a removed method's messages and fields for batches go with it", () => {
  const removed: Change[] = [
    { kind: "removed", element: "rpc", name: "CentrifugoApi.MapCount", breaking },
    { kind: "removed", element: "message", name: "MapCountRequest", breaking },
    { kind: "removed", element: "field", name: "Command.map_count", breaking },
  ];
  expect(changelogEntry(removed, undefined, names)).toBe(
    "## Unreleased\n\n### Removed\n\n- **Breaking:** method `mapCount`.",
  );
});
