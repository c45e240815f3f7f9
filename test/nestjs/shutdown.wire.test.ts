import { setTimeout as delay } from "node:timers/promises";
import { Controller, Get } from "@nestjs/common";
import { Test } from "@nestjs/testing";
import { expect, test } from "vitest";
import type { CentClient } from "../../src/index.ts";
import { CentTestingModule, InjectCent } from "../../src/nestjs/index.ts";

const started = Promise.withResolvers<void>();
const released = Promise.withResolvers<void>();

class NewsController {
  readonly #cent: CentClient;
  constructor(cent: CentClient) {
    this.#cent = cent;
  }
  async publish() {
    started.resolve();
    await released.promise;
    return this.#cent.publish({ channel: "news", data: 1 });
  }
}
InjectCent()(NewsController, undefined, 0);
Controller("news")(NewsController);
const { prototype } = NewsController;
Get()(prototype, "publish", Object.getOwnPropertyDescriptor(prototype, "publish") ?? {});

test("a request that is under way when the application closes still publishes", async () => {
  const metadata = { imports: [CentTestingModule.forRoot()], controllers: [NewsController] };
  const app = (await Test.createTestingModule(metadata).compile()).createNestApplication();
  await app.listen(0, "127.0.0.1");
  const response = fetch(`${await app.getUrl()}/news`, { headers: { connection: "close" } });
  await started.promise;
  const closed = app.close();
  await delay(50);
  released.resolve();
  expect([(await response).status, await (await response).json()]).toMatchObject([200, { offset: 1 }]);
  await closed;
  await expect(CentTestingModule.get(app).client.info()).rejects.toThrow("closed");
});
