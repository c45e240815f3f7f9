import { create } from "@bufbuild/protobuf";
import type { PublishRequest, PublishResponse } from "#api";
import {
  BroadcastRequestSchema,
  BroadcastResultSchema,
  HistoryRemoveRequestSchema,
  HistoryRemoveResultSchema,
  HistoryRequestSchema,
  HistoryResultSchema,
  PublishRequestSchema,
  PublishResponseSchema,
  PublishResultSchema,
} from "#api";
import {
  ApiError,
  badRequest,
  errorMessage,
  internalError,
  notAvailable,
  unrecoverablePosition,
} from "../brokers/api-error.ts";
import type { StreamPosition } from "../brokers/memory-stream.ts";
import { decodePayload } from "../brokers/payload.ts";
import type { ChannelOptions } from "../config/server-options.ts";
import type { Engine } from "../engine/engine.ts";
import { channelOptions } from "../engine/namespaces.ts";
import { engineMethod } from "./engine-method.ts";
import { runParallel } from "./parallel-order.ts";
import { fitsFormat } from "./publication-format.ts";

/** The fields that publish and broadcast share. */
type Publishing = Pick<
  PublishRequest,
  "data" | "tags" | "idempotencyKey" | "skipHistory" | "version" | "versionEpoch"
>;

export const streamMethods = {
  publish: engineMethod(PublishRequestSchema, (engine, request) => {
    const data = decodePayload(request.data, request.b64data);
    const options = channelOptions(engine.options, request.channel);
    if (options.subscriptionType !== "stream") throw badRequest();
    return create(PublishResultSchema, publishTo(engine, options, request.channel, { ...request, data }));
  }),

  // Unlike publish, broadcast accepts a channel in any type of namespace.
  broadcast: engineMethod(BroadcastRequestSchema, (engine, request) => {
    const { channels } = request;
    if (channels.length === 0) throw badRequest();
    const data = decodePayload(request.data, request.b64data);
    const responses = runParallel(channels, (channel): PublishResponse => {
      try {
        const options = channelOptions(engine.options, channel);
        const result = publishTo(engine, options, channel, { ...request, data });
        return create(PublishResponseSchema, { result });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        return create(PublishResponseSchema, { error: errorMessage(error) });
      }
    });
    return create(BroadcastResultSchema, { responses });
  }),

  history: engineMethod(HistoryRequestSchema, (engine, { channel, limit, since, reverse }) => {
    const options = channelOptions(engine.options, channel);
    if (options.history === undefined) throw notAvailable();
    if (reverse && since?.offset === 0n) throw internalError();
    const stream = engine.streams.stream(channel, options.historyMetaTtlMs);
    const { offset, epoch } = stream.position;
    if (since !== undefined && since.epoch !== "" && since.epoch !== epoch) throw unrecoverablePosition();
    const items =
      since === undefined ? stream.items(limit, reverse) : stream.itemsSince(since.offset, limit, reverse);
    const publications = items.map(({ data, offset, tags, info }) => ({
      data,
      offset,
      tags,
      ...(info && { info }),
    }));
    return create(HistoryResultSchema, { publications, offset, epoch });
  }),

  historyRemove: engineMethod(HistoryRemoveRequestSchema, (engine, { channel }) => {
    const options = channelOptions(engine.options, channel);
    if (options.history === undefined) throw notAvailable();
    engine.streams.clear(channel);
    return create(HistoryRemoveResultSchema);
  }),
};

function publishTo(
  engine: Engine,
  options: ChannelOptions,
  channel: string,
  publishing: Publishing,
): StreamPosition {
  const { data, tags, idempotencyKey, skipHistory, version, versionEpoch } = publishing;
  if (!fitsFormat(data, options.publicationDataFormat)) throw badRequest();
  const history = skipHistory ? undefined : options.history;
  return engine.streams.publish(channel, {
    data,
    tags,
    idempotencyKey,
    history,
    version,
    epoch: versionEpoch,
  });
}
