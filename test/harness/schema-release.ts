// The Centrifugo release of the schema. Tests that hold only for 6.9.1 are skipped for another release.
import { readFileSync } from "node:fs";
import type { DescMessage } from "@bufbuild/protobuf";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { test } from "vitest";
import { CentrifugoApi } from "#api";

const proto = new URL("../../proto/centrifugal/centrifugo/api/api.proto", import.meta.url);
const [firstLine = ""] = readFileSync(proto, "utf8").split("\n", 1);

/** The Centrifugo of the recordings, and of the schema in `test/fixtures`. */
const recorded = "6.9.1";

const whyNotExact = firstLine.endsWith(` as version ${recorded} speaks it.`)
  ? ""
  : `the first line of api.proto does not say that it is the schema of ${recorded}`;
const whyNotOurs = firstLine.startsWith("// The server API of Centrifugo, ")
  ? ""
  : "api.proto does not begin with our header, so its comments are not ours";

/** A test that holds only for the schema of 6.9.1. Another schema skips the test, and the output says so. */
export function testRecordedRelease(name: string, run: () => void | Promise<void>): void {
  testUnless(whyNotExact, name, run);
}

/** A test of our comments in the schema. Upstream's own file skips the test, and the output says so. */
export function testOwnComments(name: string, run: () => void | Promise<void>): void {
  testUnless(whyNotOurs, name, run);
}

function testUnless(obstacle: string, name: string, run: () => void | Promise<void>): void {
  if (obstacle !== "") console.warn(`*** SKIPPED: ${name}: ${obstacle}.`);
  test.skipIf(obstacle !== "")(obstacle === "" ? name : `${name} (skipped: ${obstacle})`, run);
}

/** The service of 6.9.1, also beside a newer schema. */
export const recordedService = readService();

/** The request message of one of its methods. */
export function recordedInput(localName: string): DescMessage {
  const method = recordedService.method[localName];
  if (method === undefined) throw new Error(`${recorded} has no method ${localName}`);
  return method.input;
}

function readService() {
  const image = readFileSync(new URL(`../fixtures/centrifugo-${recorded}.binpb`, import.meta.url));
  const service = createFileRegistry(fromBinary(FileDescriptorSetSchema, image)).getService(
    CentrifugoApi.typeName,
  );
  if (service === undefined) throw new Error(`the fixture has no ${CentrifugoApi.typeName}`);
  return service;
}
