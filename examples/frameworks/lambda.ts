import { configFromEnv, createClient } from "tscent";

// Made once for each instance; its calls share the connections.
const cent = createClient({ ...configFromEnv(), timeoutMs: 3_000, retry: { idempotencyKeys: true } });

export async function handler(event: { room: string; text: string }): Promise<{ offset: number }> {
  const { offset } = await cent.publish({ channel: `room_${event.room}`, data: { text: event.text } });
  return { offset };
}
