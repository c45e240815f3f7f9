import type { DescFile, DescService } from "@bufbuild/protobuf";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import { eventTable } from "../../src/schema/event-table.ts";

/** The events of the file's service, if that is Centrifugo's proxy. */
export function proxyOf(file: DescFile): readonly ProxyEvent[] | undefined {
  const services = file.services.filter(isProxy);
  return services.length === 0 ? undefined : services.flatMap((service) => eventTable(service));
}

/** Whether a service is Centrifugo's proxy: its answers may disconnect a client. */
const isProxy = ({ methods }: DescService) =>
  methods.some(({ output }) => output.field.disconnect !== undefined);
