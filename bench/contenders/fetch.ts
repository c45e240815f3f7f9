import type { CreateContender } from "./contender.ts";
import { jsonApi } from "./json-api.ts";

/** The global fetch. Of its way to do many things at once there is nothing to learn beside undici's. */
export const fetchByHand: CreateContender = ({ httpUrl, apiKey }) => {
  const headers = { "content-type": "application/json", "x-api-key": apiKey };
  const { publish } = jsonApi(async (method, body) => {
    const reply = await fetch(`${httpUrl}/${method}`, { method: "POST", headers, body });
    if (!reply.ok) throw new Error(`HTTP ${reply.status}: ${await reply.text()}`);
    return reply.text();
  });
  return { publish, close: async () => {} };
};
