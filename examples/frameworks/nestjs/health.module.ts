import { Controller, Get, Module } from "@nestjs/common";
import { HealthCheck, HealthCheckService, TerminusModule } from "@nestjs/terminus";
import { CentHealthIndicator } from "tscent/nestjs";

@Controller("health")
class HealthController {
  constructor(
    private readonly health: HealthCheckService,
    private readonly cent: CentHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.cent.isHealthy("centrifugo", { timeoutMs: 500 })]);
  }
}

@Module({ imports: [TerminusModule], controllers: [HealthController] })
export class HealthModule {}
