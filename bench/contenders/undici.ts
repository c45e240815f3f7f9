import { Pool } from "undici";
import type { CreateContender } from "./contender.ts";
import { jsonApi } from "./json-api.ts";

/** The same number of connections as tscent's pool. */
const connections = 64;

export const undiciByHand: CreateContender = ({ httpUrl, apiKey }) => {
  const { origin, pathname } = new URL(httpUrl);
  const pool = new Pool(origin, { connections });
  const headers = { "content-type": "application/json", "x-api-key": apiKey };
  const api = jsonApi(async (method, body) => {
    const reply = await pool.request({ path: `${pathname}/${method}`, method: "POST", headers, body });
    const text = await reply.body.text();
    if (reply.statusCode !== 200) throw new Error(`HTTP ${reply.statusCode}: ${text}`);
    return text;
  });
  return { ...api, close: () => pool.close() };
};
