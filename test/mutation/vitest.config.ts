import { defineConfig } from "vitest/config";
import type { TestSpecification } from "vitest/node";
import { BaseSequencer } from "vitest/node";

const hasSockets = ({ moduleId }: TestSpecification) => moduleId.endsWith(".wire.test.ts");

/** Runs the unit tests first. They take milliseconds, and a mutant needs no other test after the first that fails. */
class UnitTestsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((one, other) => Number(hasSockets(one)) - Number(hasSockets(other)));
  }
}

// Stryker takes no projects. `run.ts` tells it which tests run.
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  // A mutant takes one worker without isolation, and one for each test file with it. The set-up for newer schemas is left out:
  // it would be half of the time.
  test: {
    isolate: false,
    sequence: { sequencer: UnitTestsFirst },
    testTimeout: 30_000,
    include: ["test/**/*.test.ts"],
  },
});
