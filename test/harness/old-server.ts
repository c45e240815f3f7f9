import type { DescService } from "@bufbuild/protobuf";
import { clone, createFileRegistry } from "@bufbuild/protobuf";
import type { FileDescriptorProto } from "@bufbuild/protobuf/wkt";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import { recordedService } from "./schema-release.ts";

/** The service of another release, made by a change of 6.9.1's descriptor. */
export function changedService(change: (file: FileDescriptorProto) => void): DescService {
  const file = clone(FileDescriptorProtoSchema, recordedService.file.proto);
  change(file);
  const service = createFileRegistry(file, () => undefined).getService(recordedService.typeName);
  if (service === undefined) throw new Error(`the changed schema has no ${recordedService.typeName}`);
  return service;
}

/** The message of a descriptor that has a name. */
export function messageNamed({ messageType }: FileDescriptorProto, name: string) {
  const message = messageType.find((candidate) => candidate.name === name);
  if (message === undefined) throw new Error(`the schema has no message ${name}`);
  return message;
}

/** The methods that came with Centrifugo 6.8, as `Command` and `Reply` name them. */
const newMethods = [
  "map_publish",
  "map_remove",
  "map_read_state",
  "map_read_stream",
  "map_stats",
  "map_clear",
  "shared_poll_publish",
] as const;

/** The fields that came after Centrifugo 6.1, beside the new methods' own. */
const newFields: Readonly<Record<string, readonly string[]>> = {
  Command: newMethods,
  Reply: newMethods,
  PublishRequest: ["version", "version_epoch"],
  BroadcastRequest: ["version", "version_epoch"],
  SubscribeRequest: ["label_filter", "all_users"],
  UnsubscribeRequest: ["label_filter", "all_users"],
  DisconnectRequest: ["label_filter", "all_users"],
  RefreshRequest: ["label_filter", "all_users"],
  ConnectionsRequest: ["label_filter"],
  ConnectionInfo: ["connected_at_ms", "ping_pong_latency_ms", "labels"],
  DeviceListRequest: ["include_webpush_keys"],
  DeviceTopicUpdateRequest: ["user"],
  Device: ["webpush_keys"],
  PushRecipient: ["webpush_tokens"],
  PushNotification: ["webpush"],
};

/** The API that Centrifugo 5.4, 6.0 and 6.1 share. */
export const oldService = changedService((file) => {
  for (const service of file.service) {
    const before = service.method.length;
    service.method = service.method.filter(({ name }) => !/^(?:Map|SharedPoll)/.test(name));
    if (service.method.length !== before - newMethods.length) throw new Error("the new methods are others");
  }
  file.messageType = file.messageType.filter(
    ({ name }) => !/^(?:Map|SharedPoll|FilterNode$|WebPush)/.test(name),
  );
  for (const [name, dropped] of Object.entries(newFields)) {
    const message = messageNamed(file, name);
    const before = message.field.length;
    message.field = message.field.filter((field) => !dropped.includes(field.name));
    if (message.field.length !== before - dropped.length) throw new Error(`${name} lacks ${dropped}`);
  }
});
