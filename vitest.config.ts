import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The end of a file's name says in which project its tests run, see CONTRIBUTING.md.
// biome-ignore lint/style/noDefaultExport: vitest reads its configuration from the default export
export default defineConfig({
  resolve: { conditions: ["tscent-source", "node"] },
  ssr: { resolve: { conditions: ["tscent-source", "node"] } },
  test: {
    // Many tests wait for processes and sockets, which takes long on a machine that is busy.
    testTimeout: 30_000,
    // By default vitest leaves one processor idle.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/**/*.{wire,release}.test.ts", "test/conformance/**"],
          // One process for all files: each for itself would load the sources again, three times the CPU.
          isolate: false,
          setupFiles: "test/harness/in-this-process.ts",
          typecheck: { enabled: true, include: ["test/**/*.test-d.ts"] },
        },
      },
      {
        extends: true,
        test: { name: "wire", include: ["test/**/*.wire.test.ts"], sequence: { groupOrder: 1 } },
      },
      {
        // The same suites over connect-node's gRPC transport.
        extends: true,
        resolve: {
          alias: { "#grpc": fileURLToPath(new URL("test/harness/stock-grpc/transport.ts", import.meta.url)) },
        },
        test: {
          name: "stock gRPC",
          include: ["test/transport/*.wire.test.ts", "test/many-calls/{batching,runs}/*.wire.test.ts"],
          // Connections, and what becomes of statuses and replies that are not as they should be, are a transport's own.
          exclude: [
            "test/transport/{network,status,decode}-errors.wire.test.ts",
            "test/transport/{lifecycle,unusual-replies}.wire.test.ts",
          ],
          env: { TSCENT_STOCK_GRPC: "1" },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "conformance",
          include: ["test/conformance/*.test.ts"],
          globalSetup: "test/conformance/find-real-server.ts",
          hookTimeout: 30_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // One file after another, when all others have ended: time and memory are measured here.
        extends: true,
        test: {
          name: "release",
          include: ["test/**/*.release.test.ts"],
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
