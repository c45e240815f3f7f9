import { Test } from "@nestjs/testing";
import { CentTestingModule } from "tscent/nestjs";
import { RoomsController } from "./rooms.controller.js";

test("a message is published to its room", async () => {
  const module = await Test.createTestingModule({
    imports: [CentTestingModule.forRoot()],
    controllers: [RoomsController],
  }).compile();
  await module.get(RoomsController).send("1", { text: "hi" });
  const { server } = CentTestingModule.get(module);
  expect(server.calls[0]?.request).toEqual({ channel: "room_1", data: { text: "hi" } });
  await module.close(); // closes the client, too
});
