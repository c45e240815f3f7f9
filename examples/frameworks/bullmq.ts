import { UnrecoverableError, Worker } from "bullmq";
import { CentRequestError, configFromEnv, createClient } from "tscent";

interface Notification {
  channel: string;
  data: unknown;
}

const cent = createClient(configFromEnv());
const worker = new Worker<Notification>(
  "notifications",
  async ({ id, data: { channel, data } }) => {
    try {
      // A job may run twice. The server publishes each key once within five minutes.
      await cent.publish({ channel, data, idempotencyKey: `notification-${id}` });
    } catch (error) {
      if (error instanceof CentRequestError) throw new UnrecoverableError(error.message);
      throw error; // BullMQ runs the job again, as its `attempts` say.
    }
  },
  { connection: { url: process.env.REDIS_URL ?? "redis://localhost:6379", maxRetriesPerRequest: null } },
);

process.once("SIGTERM", async () => {
  await worker.close(); // waits for running jobs
  await cent.close();
});
