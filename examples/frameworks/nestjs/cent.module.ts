import { Global, Inject, Module, type OnApplicationShutdown } from "@nestjs/common";
import { type CentClient, configFromEnv, createClient } from "tscent";

export const CENT = Symbol("CENT");

@Global()
@Module({
  providers: [{ provide: CENT, useFactory: () => createClient(configFromEnv()) }],
  exports: [CENT],
})
export class CentModule implements OnApplicationShutdown {
  constructor(@Inject(CENT) private readonly cent: CentClient) {}

  onApplicationShutdown(): Promise<void> {
    return this.cent.close();
  }
}
