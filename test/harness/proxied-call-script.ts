// A process that a test runs. It makes a call with a client, and prints its outcome. With the argument `fetch`, Node's own fetch
// sends a request before.
import { configFromEnv, createClient, isCentError } from "../../src/index.ts";

const config = configFromEnv();
if (process.argv.includes("fetch")) await fetch(`${config.url}/fetch`, { method: "POST" }).catch(() => {});
const client = createClient({ ...config, connectTimeoutMs: 500, retry: false });
const outcome = await client.info().then(
  () => ({}),
  (error: unknown) => (isCentError(error) ? { ...error.toJSON() } : { message: `${error}` }),
);
await client.close();
console.log(JSON.stringify(outcome));
