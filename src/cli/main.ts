#!/usr/bin/env node
import { run } from "./run.ts";
import { writeText } from "./write-text.ts";

process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  out: (text) => writeText(process.stdout, text),
  // Nobody is left to be told of an error output that is full; the exit code tells enough.
  complain: (text) => writeText(process.stderr, text).catch(() => {}),
});
