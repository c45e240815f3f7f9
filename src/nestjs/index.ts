// The public contract of tscent/nestjs: client, health, tests and proxies of an application of NestJS 11 or 12.
import "../check-node.ts";

export { type CentHealth, CentHealthIndicator } from "./cent-health-indicator.ts";
export { CentModule, type CentModuleExtras, type CentModuleOptions } from "./cent-module.ts";
export { CentTestingModule } from "./cent-testing-module.ts";
export { getCentToken, InjectCent } from "./inject-cent.ts";
export { createProxyController } from "./proxy-controller.ts";
