import type { CentRequest } from "../call/request-types.ts";
import { didYouMean } from "../codec/did-you-mean.ts";
import { encodeRequest } from "../codec/encode-request.ts";
import { parseExactly } from "../codec/json/parse-exactly.ts";
import { writeMessage } from "../codec/json/write-message.ts";
import type { JsonOptions } from "../codec/payload.ts";
import { createPayload } from "../codec/payload.ts";
import { CentRequestError } from "../errors/cent-error.ts";
import { runMapped } from "../errors/map-error.ts";
import { expectOptions, jsonFunctions, optionChecks } from "../options/option-checks.ts";
import type { ConsumerMethod } from "../schema/consumer-methods.ts";
import { consumerMethods, isConsumerMethod } from "../schema/consumer-methods.ts";
import { centrifugoApi } from "../schema/default-api.ts";
import { methodTable } from "../schema/method-table.ts";

/** A message for a Kafka topic, PostgreSQL outbox table, Redis or NATS stream … that Centrifugo consumes. */
export interface ConsumerCommand<Method extends ConsumerMethod = ConsumerMethod> {
  readonly method: Method;
  /** The request with snake_case names, for `JSON.stringify`. */
  readonly payload: Readonly<Record<string, unknown>>;
}

const checks = optionChecks<{ json?: JsonOptions | undefined }>({ json: jsonFunctions });

/**
 * Makes a command for a consumer. `JSON.stringify(command)` is the message for a topic or stream. An outbox table has
 * columns for `method` and `payload`.
 *
 * @throws CentRequestError naming the method, and the field that cannot be sent
 */
export function createCommand<Method extends ConsumerMethod>(
  method: Method,
  request: CentRequest<(typeof consumerMethods)[Method]>,
  options: { json?: JsonOptions | undefined } = {},
): ConsumerCommand<Method> {
  const table = methodTable(centrifugoApi());
  const found = isConsumerMethod(method) && table.byName(consumerMethods[method]);
  if (!found) {
    const accepted = Object.keys(consumerMethods);
    const problem = didYouMean(`${method}`, accepted) ?? `consumers take only ${accepted.join(", ")}`;
    throw new CentRequestError(`${method}: ${problem}`, { method });
  }
  return runMapped(method, () => {
    expectOptions(options, checks);
    const message = encodeRequest(table, found, request, createPayload(options.json));
    return { method, payload: parseExactly(writeMessage(found.rpc.input, message)) };
  });
}
