import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { CentModule } from "./cent.module.js";
import { RoomsController } from "./rooms.controller.js";

@Module({ imports: [CentModule], controllers: [RoomsController] })
class AppModule {}

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule);
  app.enableShutdownHooks(); // SIGTERM then calls `onApplicationShutdown`
  await app.listen(process.env.PORT ?? 3000);
}
void bootstrap();
