import type { DescService } from "@bufbuild/protobuf";
import { ConfigurableModuleBuilder, type DynamicModule } from "@nestjs/common";
import type { CentClient } from "../client/client-types.ts";
import { createClient } from "../client/create-client.ts";
import type { Int64 } from "../codec/integers.ts";
import type { ClientOptions, TransportOptions } from "../options/client-options.ts";
import { CentHealthIndicator } from "./cent-health-indicator.ts";
import { getCentToken, testToken } from "./inject-cent.ts";

/** The options of `createClient`. */
export type CentModuleOptions = ClientOptions<DescService, Int64> | TransportOptions<DescService, Int64>;

/** More options of `forRoot` and `forRootAsync`. */
export interface CentModuleExtras {
  /** The name for `@InjectCent(name)`, where an application has several clients. Default: none. */
  readonly name: string | undefined;
  /** Whether each module may inject the client, or only those that import this one. Default true. */
  readonly isGlobal: boolean;
}

const builder = new ConfigurableModuleBuilder<CentModuleOptions>({ moduleName: "Cent" })
  .setClassMethodName("forRoot")
  .setFactoryMethodName("createCentOptions")
  .setExtras<CentModuleExtras>({ name: undefined, isGlobal: true }, provideClient);
const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = builder.build();

/**
 * Provides a client, and closes it in `onApplicationShutdown`, after the last request. `forRoot` takes its options,
 * `forRootAsync` a factory of them. A wrong option stops the start of the application with a TypeError that names it.
 */
export class CentModule extends ConfigurableModuleClass {}

function provideClient(definition: DynamicModule, { name, isGlobal }: CentModuleExtras): DynamicModule {
  const token = getCentToken(name);
  const client = {
    provide: token,
    inject: [MODULE_OPTIONS_TOKEN, { token: testToken(name), optional: true }],
    useFactory: (given: ClientOptions, test?: { client: CentClient }) => test?.client ?? createClient(given),
  };
  // A provider of its own also closes a client that a test provides. A mock may have no `close`.
  const useFactory = (cent: Partial<CentClient>) => ({ onApplicationShutdown: () => cent.close?.() });
  const closer = { provide: `${token} closer`, inject: [token], useFactory };
  const health = name ? [] : [CentHealthIndicator];
  const providers = [...(definition.providers ?? []), client, closer, ...health];
  return { ...definition, global: isGlobal, providers, exports: [token, ...health] };
}
