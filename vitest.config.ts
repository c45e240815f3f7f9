import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 10_000,
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
  },
});
