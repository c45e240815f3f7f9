import { expect, test } from "vitest";
import type { CentError } from "../../../src/index.ts";
import { CentUnauthorizedError, createClient } from "../../../src/index.ts";
import { clientOptions, errorsOf, startBatching, three } from "../../harness/batching-set-up.ts";
import { expectError } from "../../harness/expected-error.ts";
import { protocols } from "../../harness/scripted-server.ts";

test.each(protocols)("%s: the errors of a batch tell a wrong key from a missing one", async (protocol) => {
  await using it = await startBatching(protocol, { apiKey: "wrong-key" });
  for (const error of await errorsOf(three(it.cent))) {
    expectError(error, CentUnauthorizedError, { method: (error as CentError).method });
    expect((error as CentError).message).not.toContain("no apiKey");
  }
  await using cent = createClient({
    ...clientOptions(protocol, it.server),
    apiKey: undefined,
    batching: true,
  });
  for (const error of await errorsOf(three(cent))) {
    expect(error).toMatchObject({ message: expect.stringContaining("no apiKey was given") });
  }
});
