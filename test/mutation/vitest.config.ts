import { defineConfig } from "vitest/config";

// Stryker takes no projects. `run.ts` tells it which tests run.
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  // Without isolation a mutant takes one worker, and not one for each test file.
  test: {
    isolate: false,
    testTimeout: 10_000,
    setupFiles: "test/harness/added-fields.ts",
    include: ["test/**/*.test.ts"],
  },
});
