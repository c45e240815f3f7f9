import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  test: {
    testTimeout: 10_000,
    setupFiles: "test/added-fields.ts",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/conformance/**"],
          typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
        },
      },
      {
        extends: true,
        test: {
          name: "conformance",
          include: ["test/conformance/*.test.ts"],
          globalSetup: "test/conformance/find-real-server.ts",
          hookTimeout: 30_000,
        },
      },
    ],
  },
});
