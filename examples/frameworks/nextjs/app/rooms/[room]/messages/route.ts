import { cent } from "../../../../cent";

export async function POST(
  request: Request,
  { params }: { params: Promise<{ room: string }> },
): Promise<Response> {
  const { room } = await params;
  await cent().publish({ channel: `room_${room}`, data: await request.json() });
  return new Response(null, { status: 204 });
}
