#!/usr/bin/env node
import "../check-node.ts";
import { run } from "./run.ts";
import { writeText } from "./write-text.ts";

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  out: (text) => writeText(process.stdout, text),
  // If stderr cannot be written, the exit code still shows the failure.
  complain: (text) => writeText(process.stderr, text).catch(() => {}),
});
