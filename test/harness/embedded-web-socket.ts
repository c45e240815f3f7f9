import type { ConnectedClient, Push, TestServer } from "../../src/testing/index.ts";

interface Command {
  readonly id: number;
  readonly connect?: { readonly token: string };
  readonly subscribe?: { readonly channel: string };
}

/**
 * A WebSocket class for the official client, in front of an embedded server in the same process. It has the commands
 * and pushes that the examples use: connect, subscribe, publications, and what the server does to a client.
 */
export function embeddedWebSocket(server: TestServer): new () => object {
  return class {
    onopen?: () => void;
    onmessage?: (event: { readonly data: string }) => void;
    onclose?: (event: { readonly code: number; readonly reason: string }) => void;
    #client: ConnectedClient | undefined;

    constructor() {
      setImmediate(() => this.onopen?.());
    }

    send(lines: string): void {
      for (const line of lines.split("\n")) this.#execute(JSON.parse(line));
    }

    close(): void {
      this.#client?.disconnect();
    }

    #execute({ id, connect, subscribe }: Command): void {
      if (connect !== undefined) {
        const [, claims = ""] = connect.token.split(".");
        const { sub: user } = JSON.parse(Buffer.from(claims, "base64url").toString());
        this.#client = server.connect({ user });
        this.#reply({ id, connect: { client: this.#client.client } });
        this.#forwardPushes(this.#client);
      } else if (subscribe !== undefined) {
        this.#client?.subscribe(subscribe.channel);
        this.#reply({ id, subscribe: {} });
      } else throw new Error(`command ${id} is neither connect nor subscribe`);
    }

    async #forwardPushes(client: ConnectedClient): Promise<void> {
      for (;;) {
        const push = await client.next({ timeoutMs: 60_000 });
        if (push.type === "disconnect") {
          this.onclose?.({ code: push.code, reason: push.reason });
          return;
        }
        this.#reply({ push: pushMessage(push) });
      }
    }

    #reply(message: object): void {
      this.onmessage?.({ data: JSON.stringify(message) });
    }
  };
}

function pushMessage(push: Push): object {
  switch (push.type) {
    case "publication":
      return { channel: push.channel, pub: { data: push.data, offset: push.offset } };
    case "subscribe":
      return { channel: push.channel, subscribe: {} };
    case "unsubscribe":
      return { channel: push.channel, unsubscribe: { code: push.code, reason: push.reason } };
    default:
      throw new Error(`a push of type ${push.type} has no message here`);
  }
}
