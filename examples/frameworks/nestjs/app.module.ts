import { Module } from "@nestjs/common";
import { ConfigModule, ConfigService } from "@nestjs/config";
import { CentModule } from "tscent/nestjs";
import { ChatModule } from "./chat.module.js";
import { HealthModule } from "./health.module.js";
import { RoomsController } from "./rooms.controller.js";

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    CentModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        url: config.getOrThrow<string>("CENT_URL"),
        apiKey: config.getOrThrow<string>("CENT_API_KEY"),
        transport: config.get<"http" | "grpc">("CENT_TRANSPORT"),
      }),
    }),
    ChatModule,
    HealthModule,
  ],
  controllers: [RoomsController],
})
export class AppModule {}
