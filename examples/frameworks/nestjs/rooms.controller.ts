import { Body, Controller, HttpCode, Param, Post } from "@nestjs/common";
import type { CentClient } from "tscent";
import { InjectCent } from "tscent/nestjs";

@Controller("rooms")
export class RoomsController {
  constructor(@InjectCent() private readonly cent: CentClient) {}

  @Post(":room/messages")
  @HttpCode(204)
  async send(@Param("room") room: string, @Body() message: object): Promise<void> {
    await this.cent.publish({ channel: `room_${room}`, data: message });
  }
}
