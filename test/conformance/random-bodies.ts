import type { DescMessage } from "@bufbuild/protobuf";
import fc from "fast-check";
import { methodTable } from "../../src/schema/method-table.ts";
import { recordedService } from "../harness/schema-release.ts";

/** An HTTP request that no client makes: JSON or nearly JSON, with fields of any type. */
export interface RandomBody {
  readonly path: string;
  /** `{run}` stands for the name of the sequence. */
  readonly body: string;
}

const { constant, constantFrom, oneof } = fc;

// Older servers and the embedded server do not know the additions of a newer schema.
const { methods } = methodTable(recordedService);

const channel = constantFrom(
  ...["{run}", "short:{run}", "board:{run}", "brief:{run}", "json:{run}"],
  "none:x",
  "",
);

/** A value of a field, valid or not. */
const anything = constantFrom(
  ...["null", "true", '""', '"a"', '"1"', '"AQ=="', '"AQ"', '"e30="', '"\\ud800"', '"\\u0000"', '"<ü&>"'],
  ...["0", "-0", "1", "2", "-1", "01", "1.0", "1.5", "1e3", "2147483648", "4294967296"],
  ...["9223372036854775808", "18446744073709551615", "18446744073709551616", "1e400"],
  ...[
    "{}",
    "[]",
    "[null]",
    '{"a":"1"}',
    '{"a":1}',
    '{"a":null}',
    '{ "b" : [ 1 , "<" ] }',
    '["a",""]',
    '{"value":true}',
  ],
  ...['{"offset":1}', '{"offset":0,"epoch":"x"}', '{"code":4000}', "[{}]", "nul", "'a'", "[1,]", '{"a":1,}'],
);

const spelled = (name: string) =>
  oneof(
    { weight: 12, arbitrary: constant(name) },
    { weight: 1, arbitrary: constantFrom(name.toUpperCase(), name.replaceAll("_", ""), "nosuch") },
  );

const space = oneof(
  { weight: 12, arbitrary: constant("") },
  { weight: 1, arbitrary: constantFrom(" ", "\n\t", "\f") },
);

function members(schema: DescMessage): fc.Arbitrary<string> {
  const likely = schema.fields.filter(({ name }) => name === "channel" || name === "key" || name === "data");
  const field = oneof(
    ...schema.fields.map(({ name }) =>
      fc.tuple(spelled(name), space, anything).map(([key, gap, value]) => `"${key}"${gap}:${gap}${value}`),
    ),
    constant('"nosuch":{"deep":[1,"x"]}'),
  );
  const usual = likely.map(({ name }) => {
    if (name === "channel") return channel.map((value) => `"channel":"${value}"`);
    return name === "key"
      ? constantFrom('"key":"a"', '"key":"b"')
      : anything.map((value) => `"data":${value}`);
  });
  return fc
    .tuple(fc.tuple(...usual), fc.array(field, { maxLength: 3 }), space)
    .map(([first, more, gap]) => `{${[...first, ...more].join(`,${gap}`)}${gap}}`);
}

/** A text that sometimes lacks its end, or has more text after it. */
const damaged = (text: fc.Arbitrary<string>) =>
  oneof(
    { weight: 12, arbitrary: text },
    { weight: 1, arbitrary: fc.tuple(text, fc.nat(40)).map(([whole, at]) => whole.slice(0, at)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, constantFrom("{}", "x", " ", "\u0000", "null"))
        .map((parts) => parts.join("")),
    },
  );

const commands = methods.filter(({ command }) => command !== undefined);

const toMethod = oneof(
  ...commands.map(({ path, rpc }) =>
    damaged(members(rpc.input)).map((body) => ({ path: `/api/${path}`, body })),
  ),
);

const commandText = oneof(
  ...commands.map(({ path, rpc }) =>
    fc.tuple(spelled(path), members(rpc.input)).map(([name, request]) => `{"${name}":${request}}`),
  ),
  constantFrom("null", "{}", "[]", "1", '{"publish":null}'),
);

const toBatch = damaged(
  fc
    .tuple(spelled("commands"), fc.array(commandText, { maxLength: 3 }))
    .map(([name, list]) => `{"${name}":[${list.join()}]}`),
).map((body) => ({ path: "/api/batch", body }));

const legacyCommand = oneof(
  ...commands.map(({ path, rpc }) =>
    fc
      .tuple(
        constantFrom(`"${path}"`, `"${path.toUpperCase()}"`, "0", "6", "33", "100", "null", '"x"'),
        members(rpc.input),
        anything,
      )
      .map(([name, params, id]) => `{"id":${id},"method":${name},"params":${params}}`),
  ),
  constantFrom("null", "{}", "[]", '{"method":"publish"}'),
);

const toOldRoute = damaged(
  fc
    .tuple(fc.array(legacyCommand, { maxLength: 3 }), constantFrom("", "\n"))
    .map(([list, between]) => list.join(between)),
)
  // The embedded server reads `nullnull` as one word. No client sends it.
  .filter((body) => !body.includes("nullnull"))
  .map((body) => ({ path: "/api", body }));

/** A sequence of bodies. */
export const randomBodies: fc.Arbitrary<RandomBody[]> = fc.array(
  oneof(
    { weight: 8, arbitrary: toMethod },
    { weight: 2, arbitrary: toBatch },
    { weight: 2, arbitrary: toOldRoute },
  ),
  { maxLength: 20, size: "max" },
);
