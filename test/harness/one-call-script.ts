// A process that a test runs. It makes one call, leaves the client open, and must end by itself.
import { configFromEnv, createClient } from "../../src/index.ts";

const client = createClient(configFromEnv());
const outcome = await client.info().then(
  ({ nodes }) => `${nodes.length} nodes`,
  (error: Error) => error.name,
);
console.log(outcome);
