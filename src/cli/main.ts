#!/usr/bin/env node
import "../check-node.ts";
import module from "node:module";
import { addAbortSignal } from "node:stream";

// Later runs load compiled code, which saves a few percent of their CPU time.
module.enableCompileCache?.();
const [{ run }, { writeText }] = await Promise.all([import("./run.ts"), import("./write-text.ts")]);

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  input: (signal) => (signal ? addAbortSignal(signal, process.stdin) : process.stdin),
  onInterrupt: (listener) => process.once("SIGINT", listener),
  out: (text) => writeText(process.stdout, text),
  // If stderr cannot be written, the exit code still shows the failure.
  complain: (text) => writeText(process.stderr, text).catch(() => {}),
  ...(process.stderr.isTTY && {
    progress: (line: string) => {
      process.stderr.write(`\r${line}\u001b[K`);
    },
  }),
});
