// The public contract of tscent/outbox: rows, queries and messages for Centrifugo's consumers and its PostgreSQL broker. No
// function here sends anything. Each returns plain objects for the caller's own client.
import "../check-node.ts";

export { brokerQueries, brokerQuery } from "./broker/broker-query.ts";
export type {
  BrokerCall,
  BrokerMethod,
  BrokerRequests,
  ChannelArguments,
  MapPublishArguments,
  MapRemoveArguments,
  StreamMemberArguments,
  StreamPublishArguments,
} from "./broker/broker-requests.ts";
export type { BrokerOptions } from "./broker/make-query.ts";
export type { AwsSqsMessage } from "./queues/aws-sqs-message.ts";
export { awsSqsMessage } from "./queues/aws-sqs-message.ts";
export type { AzureServiceBusMessage } from "./queues/azure-service-bus-message.ts";
export { azureServiceBusMessage } from "./queues/azure-service-bus-message.ts";
export type { GooglePubSubMessage } from "./queues/google-pub-sub-message.ts";
export { googlePubSubMessage } from "./queues/google-pub-sub-message.ts";
export type { KafkaMessage } from "./queues/kafka-message.ts";
export { kafkaMessage } from "./queues/kafka-message.ts";
export type { MessageMode, MessageOptions, OrderedMessageOptions } from "./queues/message-parts.ts";
export type { NatsJetStreamMessage } from "./queues/nats-jet-stream-message.ts";
export { natsJetStreamMessage } from "./queues/nats-jet-stream-message.ts";
export type { RedisStreamMessage } from "./queues/redis-stream-message.ts";
export { redisStreamMessage } from "./queues/redis-stream-message.ts";
export type { SqlQuery, SqlValue } from "./sql-query.ts";
export type { OutboxConfig, OutboxConfigOptions } from "./table/outbox-config.ts";
export { outboxConfig } from "./table/outbox-config.ts";
export type { OutboxInsertOptions } from "./table/outbox-insert.ts";
export { outboxInsert } from "./table/outbox-insert.ts";
export type { OutboxOptions } from "./table/outbox-options.ts";
export { outboxPartition } from "./table/outbox-partition.ts";
export { outboxTable } from "./table/outbox-table.ts";
