import { expect, test } from "vitest";
import { readSchema } from "../../scripts/upgrade/schema/read-schema.ts";
import { temporaryFolder } from "../../scripts/upgrade/temporary-folder.ts";
import { verifiedText } from "../../scripts/upgrade/verified-text.ts";
import { today } from "./fixture-project.ts";

test("what was written is formatted, and must say exactly what was read", async () => {
  using work = temporaryFolder();
  const building = { folder: work.path, signal: new AbortController().signal };
  const source = await readSchema(today.proto, "today's schema", building);
  const indented = today.proto.replaceAll(/^ {2}/gm, "      ");
  expect(await verifiedText(indented, source, building)).toBe(today.proto);
  const renumbered = today.proto.replace("string version_epoch = 9;", "string version_epoch = 99;");
  await expect(verifiedText(renumbered, source, building)).rejects.toThrow(
    "internal error: what was written is not what was read: field PublishRequest.version_epoch renumbered 9 → 99",
  );
  const [first, ...others] = today.proto.split(/(?=^\/\/[^\n]*\nmessage )/m);
  const reordered = [first, ...others.reverse()].join("\n");
  await expect(verifiedText(reordered, source, building)).rejects.toThrow("the order differs");
});
