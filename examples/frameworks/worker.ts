import { createClient } from "tscent";

interface Env {
  CENT_URL: string;
  CENT_API_KEY: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const cent = createClient({ url: env.CENT_URL, apiKey: env.CENT_API_KEY });
    await cent.publish({ channel: "chat", data: await request.json() });
    return new Response(null, { status: 204 });
  },
};
