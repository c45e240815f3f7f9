import type { DescEnum, DescField, DescMessage, DescOneof } from "@bufbuild/protobuf";
import { nameInFile } from "../schema/elements.ts";
import { fieldType } from "../schema/field-type.ts";
import type { Comments, Locations } from "../schema/locations.ts";
import { reservedOf } from "../schema/reserved.ts";
import { inOrder } from "./in-order.ts";
import { withComments } from "./print-comments.ts";
import { bracketedOptions, optionStatements } from "./print-options.ts";
import type { Piece } from "./stack.ts";
import { block } from "./stack.ts";
import type { NameFrom } from "./type-names.ts";

/** The facts that every part of the printer needs. */
export interface Printing {
  readonly comments: ReadonlyMap<string, Comments>;
  readonly positions: Locations["positions"];
  readonly nameFrom: NameFrom;
}

/** A message or an enum, with its comments. */
export function printType(type: DescMessage | DescEnum, first: boolean, printing: Printing): Piece {
  const beginning = [...optionStatements(type), ...reservedStatements(type)];
  const members = inOrder(membersOf(type), printing.positions).map((member, index) =>
    printMember(member, beginning.length + index === 0, printing),
  );
  const lines = block(`${type.kind} ${type.name}`, [...beginning, ...members]);
  return withComments(lines, printing.comments.get(nameInFile(type)), { apart: true, first });
}

type Member = DescMessage["members"][number] | DescMessage | DescEnum | DescEnum["values"][number];

function membersOf(type: DescMessage | DescEnum): Member[] {
  if (type.kind === "enum") return type.values;
  return [...type.members, ...type.nestedMessages, ...type.nestedEnums];
}

function printMember(member: Member, first: boolean, printing: Printing): Piece {
  if (member.kind === "message" || member.kind === "enum") return printType(member, first, printing);
  const comments = printing.comments.get(nameInFile(member));
  if (member.kind === "oneof")
    return withComments(oneofLines(member, printing), comments, { apart: true, first });
  const line =
    member.kind === "field"
      ? fieldLine(member, printing)
      : `${member.name} = ${member.number}${bracketedOptions(member)};`;
  return withComments([line], comments, { apart: false, first });
}

function fieldLine(field: DescField, { nameFrom }: Printing): string {
  const type = fieldType(field, (other) => nameFrom(field.parent, other));
  return `${type} ${field.name} = ${field.number}${bracketedOptions(field)};`;
}

function oneofLines(oneof: DescOneof, printing: Printing): string[] {
  const beginning = optionStatements(oneof);
  const fields = oneof.fields.map((field, index) =>
    printMember(field, beginning.length + index === 0, printing),
  );
  return block(`oneof ${oneof.name}`, [...beginning, ...fields]);
}

function reservedStatements(type: DescMessage | DescEnum): Piece[] {
  const lines = reservedOf(type).map((item) => `reserved ${item};`);
  return lines.length === 0 ? [] : [{ lines, commented: false, apart: true }];
}
