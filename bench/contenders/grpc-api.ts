// Code of all gRPC contenders but tscent: JSON data as the bytes of protobuf-es messages, and back.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { create } from "@bufbuild/protobuf";
import type { BatchResponse, BroadcastResponse, HistoryResponse, PublishResponse } from "tscent/api";
import {
  BatchRequestSchema,
  BroadcastRequestSchema,
  HistoryRequestSchema,
  PublishRequestSchema,
} from "tscent/api";
import type { Contender, Publish } from "./contender.ts";
import { checked } from "./contender.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function publishRequest({ channel, data }: Publish) {
  return create(PublishRequestSchema, messageOf({ channel, data }));
}

function messageOf({ channel, data }: Publish): MessageInitShape<typeof PublishRequestSchema> {
  return { channel, data: encoder.encode(JSON.stringify(data)) };
}

/** The unary calls that a contender makes. */
export interface GrpcCalls {
  publish(request: ReturnType<typeof publishRequest>): Promise<PublishResponse>;
  batch(request: ReturnType<typeof batchRequest>): Promise<BatchResponse>;
  broadcast(request: ReturnType<typeof broadcastRequest>): Promise<BroadcastResponse>;
  history(request: ReturnType<typeof historyRequest>): Promise<HistoryResponse>;
}

function batchRequest(publishes: readonly Publish[]) {
  return create(BatchRequestSchema, {
    commands: publishes.map((publish) => ({ publish: messageOf(publish) })),
  });
}

function broadcastRequest(channels: readonly string[], data: object) {
  return create(BroadcastRequestSchema, {
    channels: [...channels],
    data: encoder.encode(JSON.stringify(data)),
  });
}

function historyRequest(channel: string) {
  return create(HistoryRequestSchema, { channel, limit: -1 });
}

type Many = Omit<Required<Contender>, "close" | "publishAll">;

export function grpcApi(calls: GrpcCalls): Many {
  return {
    publish: async (publish) => checked(await calls.publish(publishRequest(publish))),
    async batch(publishes) {
      const { replies } = await calls.batch(batchRequest(publishes));
      if (replies.length !== publishes.length) throw new Error(`${replies.length} replies`);
      for (const reply of replies) checked(reply);
    },
    async broadcast(channels, data) {
      const { result } = checked(await calls.broadcast(broadcastRequest(channels, data)));
      for (const response of result?.responses ?? []) checked(response);
    },
    async history(channel) {
      const { result } = checked(await calls.history(historyRequest(channel)));
      const data = result?.publications.map((publication) => JSON.parse(decoder.decode(publication.data)));
      return data?.length ?? 0;
    },
  };
}
