import type { CreateContender } from "./contender.ts";
import { jsonApi } from "./json-api.ts";

/** The global fetch. It skips the bulk workloads: undici's figures already show them. */
export const fetchByHand: CreateContender = ({ httpUrl, apiKey }) => {
  const headers = { "content-type": "application/json", "x-api-key": apiKey };
  const { publish } = jsonApi(async (method, body) => {
    const reply = await fetch(`${httpUrl}/${method}`, { method: "POST", headers, body });
    if (!reply.ok) throw new Error(`HTTP ${reply.status}: ${await reply.text()}`);
    return reply.text();
  });
  return { publish, close: async () => {} };
};
