import { Injectable, Module } from "@nestjs/common";
import { createProxyController } from "tscent/nestjs";
import { createProxy, deny } from "tscent/proxy";

@Injectable()
export class Members {
  async has(room: string, user: string): Promise<boolean> {
    return room === "room_1" && user === "42";
  }
}

@Injectable()
export class ChatProxy {
  constructor(private readonly members: Members) {}

  readonly node = createProxy({
    secret: process.env.CENT_PROXY_SECRET,
    subscribe: {
      "room_*": async ({ channel, user }) => ((await this.members.has(channel, user)) ? {} : deny()),
    },
  }).node;
}

@Module({
  controllers: [createProxyController("centrifugo", ChatProxy)],
  providers: [ChatProxy, Members],
})
export class ChatModule {}
