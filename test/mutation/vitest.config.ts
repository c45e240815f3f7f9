import { defineConfig } from "vitest/config";

// Stryker takes no projects. `run.ts` tells it which tests run.
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  // Without isolation a mutant takes one worker, and not one for each test file. The set-up for newer schemas is left out:
  // it would be half of the time.
  test: {
    isolate: false,
    testTimeout: 30_000,
    include: ["test/**/*.test.ts"],
  },
});
