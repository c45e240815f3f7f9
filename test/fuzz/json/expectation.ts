import type { DescMessage } from "@bufbuild/protobuf";

/** The message of a JSON text. `fields` has the fields that the text sets, by their local names. */
export class ExpectedMessage {
  readonly schema: DescMessage;
  readonly fields = new Map<string, unknown>();

  constructor(schema: DescMessage) {
    this.schema = schema;
  }
}

/** The JSON of a bytes field, as it is written. */
export class ExpectedBytes {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** The first value in a text that the schema does not allow. */
export class Refusal {
  readonly message: string;

  constructor(path: readonly string[], problem: string) {
    const shown = path.reduceRight(
      (rest, step) => step + (rest === "" || rest.startsWith("[") ? "" : ".") + rest,
      "",
    );
    this.message = shown === "" ? problem : `${shown}: ${problem}`;
  }
}
