import { expect, test } from "vitest";
import { createTestClient } from "../../../src/testing/index.ts";
import { listenToCalls } from "../../harness/traced-events.ts";
import { publications } from "./set-up.ts";

test("a listener that comes after a run was made sees none of its requests", async () => {
  const { client } = createTestClient();
  const run = client.publishMany(publications(3));
  const { calls } = listenToCalls();
  expect(await run).toMatchObject({ succeeded: 3 });
  expect(calls).toEqual([]);
});
