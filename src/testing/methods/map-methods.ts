import { create } from "@bufbuild/protobuf";
import type { MapEntry } from "#api";
import {
  MapClearRequestSchema,
  MapClearResultSchema,
  MapEntrySchema,
  MapPublishRequestSchema,
  MapPublishResultSchema,
  MapReadStateRequestSchema,
  MapReadStateResultSchema,
  MapReadStreamRequestSchema,
  MapReadStreamResultSchema,
  MapRemoveRequestSchema,
  MapRemoveResultSchema,
  MapStatsRequestSchema,
  MapStatsResultSchema,
  SharedPollPublishRequestSchema,
  SharedPollPublishResultSchema,
} from "#api";
import { badRequest, internalError, notAvailable } from "../brokers/api-error.ts";
import type { MapChange } from "../brokers/map-broker.ts";
import type { MapOptions } from "../brokers/map-options.ts";
import { mapOptions } from "../brokers/map-options.ts";
import type { StreamPosition } from "../brokers/memory-stream.ts";
import { decodePayload } from "../brokers/payload.ts";
import type { StoredPublication } from "../brokers/stream-broker.ts";
import type { Engine } from "../engine/engine.ts";
import { channelOptions } from "../engine/namespaces.ts";
import { engineMethod } from "./engine-method.ts";

const keyModes = ["", "if_new", "if_exists"];

export const mapMethods = {
  mapPublish: engineMethod(MapPublishRequestSchema, (engine, request) => {
    const { channel, key, tags, idempotencyKey, keyMode, version, versionEpoch: epoch } = request;
    if (key === "") throw badRequest();
    const map = mapOf(engine, channel);
    const data = decodePayload(request.data, request.b64data);
    if (!keyModes.includes(keyMode)) throw badRequest();
    const options = existing(map);
    if (!options.hasStream && version > 0n) throw internalError();
    const change = engine.maps.publish(channel, key, options, {
      ...{ data, tags, idempotencyKey, keyMode, version, epoch },
    });
    return create(MapPublishResultSchema, changeResult(change));
  }),

  mapRemove: engineMethod(MapRemoveRequestSchema, (engine, { channel, key, idempotencyKey }) => {
    if (key === "") throw badRequest();
    const options = existing(mapOf(engine, channel));
    return create(
      MapRemoveResultSchema,
      changeResult(engine.maps.remove(channel, key, options, idempotencyKey)),
    );
  }),

  mapReadState: engineMethod(MapReadStateRequestSchema, (engine, request) => {
    const { channel, key, cursor, limit, revisionOffset, revisionEpoch } = request;
    const options = existing(mapOf(engine, channel));
    const revision = positionAt(revisionOffset, revisionEpoch);
    const page = engine.maps.readState(channel, options, { key, cursor, limit, revision });
    const entries = page.entries.map(mapEntry);
    return create(MapReadStateResultSchema, { ...page.position, entries, cursor: page.cursor });
  }),

  mapReadStream: engineMethod(MapReadStreamRequestSchema, (engine, request) => {
    const { channel, limit, reverse, sinceOffset, sinceEpoch } = request;
    const since = positionAt(sinceOffset, sinceEpoch);
    const page = engine.maps.readStream(channel, mapOf(engine, channel), { since, limit, reverse });
    return create(MapReadStreamResultSchema, { ...page.position, entries: page.entries.map(mapEntry) });
  }),

  mapStats: engineMethod(MapStatsRequestSchema, (engine, { channel }) => {
    const map = mapOf(engine, channel);
    return create(MapStatsResultSchema, { numKeys: engine.maps.size(channel, map) });
  }),

  mapClear: engineMethod(MapClearRequestSchema, (engine, { channel }) => {
    mapOf(engine, channel);
    engine.maps.clear(channel);
    return create(MapClearResultSchema);
  }),

  // The server sends this to connections that track the key. Here are none, so nothing is kept.
  sharedPollPublish: engineMethod(SharedPollPublishRequestSchema, (engine, request) => {
    const { channel, key, version } = request;
    if (key === "" || version === 0n) throw badRequest();
    const options = channelOptions(engine.options, channel);
    if (options.subscriptionType !== "shared_poll") throw badRequest();
    if (!options.sharedPollPublishEnabled) throw notAvailable();
    decodePayload(request.data, request.b64data);
    return create(SharedPollPublishResultSchema);
  }),
};

function mapOf(engine: Engine, channel: string): MapOptions | undefined {
  const options = channelOptions(engine.options, channel);
  if (!options.subscriptionType.startsWith("map")) throw badRequest();
  return mapOptions(options.map);
}

function existing(options: MapOptions | undefined): MapOptions {
  if (options === undefined) throw internalError();
  return options;
}

/** The position in a request; undefined for an offset of 0 without an epoch. */
function positionAt(offset: bigint, epoch: string): StreamPosition | undefined {
  return offset === 0n && epoch === "" ? undefined : { offset, epoch };
}

function changeResult({ position, suppressReason }: MapChange) {
  return { ...position, suppressed: suppressReason !== "", suppressReason };
}

function mapEntry({ key = "", data, tags, offset, removed = false, time }: StoredPublication): MapEntry {
  return create(MapEntrySchema, { key, data, tags, offset, removed, time: BigInt(Math.trunc(time)) });
}
