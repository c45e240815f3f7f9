import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  test: {
    testTimeout: 10_000,
    setupFiles: "test/harness/added-fields.ts",
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
        // The same suites over connect-node's gRPC transport.
        extends: true,
        resolve: {
          alias: { "#grpc": fileURLToPath(new URL("test/harness/stock-grpc/transport.ts", import.meta.url)) },
        },
        test: {
          name: "stock gRPC",
          include: ["test/transport/*.test.ts", "test/many-calls/{batching,runs}/*.test.ts"],
          // Connections, and what becomes of statuses and replies that are not as they should be, are a transport's own.
          exclude: [
            "test/transport/{network,status,decode}-errors.test.ts",
            "test/transport/{lifecycle,unusual-replies}.test.ts",
          ],
          setupFiles: "test/harness/stock-grpc/differences.ts",
          env: { TSCENT_STOCK_GRPC: "1" },
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
