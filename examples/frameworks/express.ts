import express, { type ErrorRequestHandler } from "express";
import { configFromEnv, createClient, isCentError } from "tscent";

const cent = createClient(configFromEnv());
const app = express().use(express.json());

app.post("/rooms/:room/messages", async (request, response) => {
  await cent.publish({ channel: `room_${request.params.room}`, data: request.body });
  response.sendStatus(204);
});

// Express 5 brings rejected promises here; Express 4 needs a `catch` in each route.
const onError: ErrorRequestHandler = (error, _request, response, next) => {
  if (!isCentError(error)) return next(error);
  console.error(error.message);
  response.sendStatus(503);
};
app.use(onError);

const server = app.listen(Number(process.env.PORT ?? 3000));
process.once("SIGTERM", () => server.close(() => cent.close()));
