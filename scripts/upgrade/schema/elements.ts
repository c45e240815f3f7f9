import type {
  AnyDesc,
  DescEnum,
  DescEnumValue,
  DescField,
  DescFile,
  DescMessage,
  DescMethod,
  DescOneof,
  DescService,
} from "@bufbuild/protobuf";

/** What has a name of its own in a schema. */
export type Element =
  | DescService
  | DescMethod
  | DescMessage
  | DescField
  | DescOneof
  | DescEnum
  | DescEnumValue;

/** All elements of a file, those of a message or service after it. */
export function elementsOf(file: DescFile): Element[] {
  return [
    ...file.services.flatMap((service) => [service, ...service.methods]),
    ...messagesOf(file).flatMap((message) => [message, ...message.oneofs, ...message.fields]),
    ...enumsOf(file).flatMap((type) => [type, ...type.values]),
  ];
}

/** The messages of a file, nested ones after the one that they are in. */
export function messagesOf(file: DescFile): DescMessage[] {
  const withNested = (message: DescMessage): DescMessage[] => [
    message,
    ...message.nestedMessages.flatMap(withNested),
  ];
  return file.messages.flatMap(withNested);
}

/** The enums of a file, those in messages included. */
export function enumsOf(file: DescFile): DescEnum[] {
  return [...file.enums, ...messagesOf(file).flatMap((message) => message.nestedEnums)];
}

/** The full name without the package: `PublishRequest.channel`. An enum's value has its enum's name before it. */
export function nameInFile(element: Exclude<AnyDesc, DescFile>): string {
  if ("typeName" in element) return withoutPackage(element.typeName, element.file);
  return `${nameInFile(element.parent)}.${element.name}`;
}

function withoutPackage(typeName: string, file: DescFile): string {
  const prefix = `${file.proto.package}.`;
  return typeName.startsWith(prefix) ? typeName.slice(prefix.length) : typeName;
}
