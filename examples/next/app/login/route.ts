import { cookieOf } from "../../session.ts";

export async function POST(request: Request): Promise<Response> {
  const { name } = (await request.json()) as { name: string };
  return new Response(null, { status: 204, headers: { "set-cookie": cookieOf(String(name)) } });
}
