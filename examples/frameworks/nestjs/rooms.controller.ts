import { Body, Controller, HttpCode, Inject, Param, Post } from "@nestjs/common";
import type { CentClient } from "tscent";
import { CENT } from "./cent.module.js";

@Controller("rooms")
export class RoomsController {
  constructor(@Inject(CENT) private readonly cent: CentClient) {}

  @Post(":room/messages")
  @HttpCode(204)
  async send(@Param("room") room: string, @Body() message: object): Promise<void> {
    await this.cent.publish({ channel: `room_${room}`, data: message });
  }
}
