import { Test } from "@nestjs/testing";
import { createTestClient } from "tscent/testing";
import { CENT, CentModule } from "./cent.module.js";
import { RoomsController } from "./rooms.controller.js";

test("a message is published to its room", async () => {
  const { client, server } = createTestClient();
  const module = await Test.createTestingModule({ imports: [CentModule], controllers: [RoomsController] })
    .overrideProvider(CENT)
    .useValue(client)
    .compile();
  await module.get(RoomsController).send("1", { text: "hi" });
  expect(server.calls[0]?.request).toEqual({ channel: "room_1", data: { text: "hi" } });
  await module.close(); // closes the client, too
});
