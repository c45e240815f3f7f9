import Fastify from "fastify";
import fastifyPlugin from "fastify-plugin";
import { type CentClient, configFromEnv, createClient } from "tscent";

declare module "fastify" {
  interface FastifyInstance {
    cent: CentClient;
  }
}

/** Adds `app.cent`, which ends with the application. In a test, the option is the client of `createTestClient`. */
const centPlugin = fastifyPlugin<{ cent?: CentClient }>(
  async (app, { cent = createClient(configFromEnv()) }) => {
    app.decorate("cent", cent);
    app.addHook("onClose", () => cent.close());
  },
);

const app = Fastify();
await app.register(centPlugin);

app.post<{ Params: { room: string } }>("/rooms/:room/messages", async (request, reply) => {
  await app.cent.publish({ channel: `room_${request.params.room}`, data: request.body });
  return reply.code(204).send();
});

await app.listen({ port: Number(process.env.PORT ?? 3000) });
process.once("SIGTERM", () => app.close());
