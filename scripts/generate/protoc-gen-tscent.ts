// The plugin of buf that writes this SDK's own types beside the code of protoc-gen-es: an interface for each request and
// result, the client's methods, the list of methods that need Centrifugo PRO, the help texts of the command line, and the
// handlers of the proxy.
import type { DescFile } from "@bufbuild/protobuf";
import type { Schema } from "@bufbuild/protoplugin";
import { createEcmaScriptPlugin, runNodeJs } from "@bufbuild/protoplugin";
import type { ProxyEvent } from "../../src/schema/event-table.ts";
import type { MethodTable } from "../../src/schema/method-table.ts";
import { apiOf } from "./api-of.ts";
import { findProxyShapes } from "./find-proxy-shapes.ts";
import { findShapes } from "./find-shapes.ts";
import { printHandlers } from "./print-handlers.ts";
import { printHelpTexts } from "./print-help-texts.ts";
import { printMethods } from "./print-methods.ts";
import { printProMethods } from "./print-pro-methods.ts";
import { printTypes } from "./print-types.ts";
import { proxyOf } from "./proxy-of.ts";

const plugin = createEcmaScriptPlugin({
  name: "protoc-gen-tscent",
  version: "v1",
  generateTs(schema) {
    for (const file of schema.files) {
      const table = apiOf(file);
      if (table !== undefined) generateApi(schema, file, table);
      const events = proxyOf(file);
      if (events !== undefined) generateProxy(schema, file, events);
    }
  },
});

/** Says where the output of a file goes, and makes its files. */
function outputFor(schema: Schema, file: DescFile) {
  const folder = file.name.slice(0, file.name.lastIndexOf("/") + 1);
  const generated = (path: string) => {
    const printed = schema.generateFile(path);
    printed.preamble(file);
    return printed;
  };
  return { folder, generated, root: "../".repeat(folder.split("/").length) };
}

function generateProxy(schema: Schema, file: DescFile, events: readonly ProxyEvent[]): void {
  const { folder, generated, root } = outputFor(schema, file);
  const shapes = findProxyShapes(events);
  const types = `${file.name}_types.ts`;
  printTypes(generated(types), shapes, root);
  printHandlers(generated(`${file.name}_handlers.ts`), events, shapes, {
    root,
    types: `./${types.slice(folder.length)}`,
  });
}

function generateApi(schema: Schema, file: DescFile, table: MethodTable): void {
  const shapes = findShapes(table);
  const { folder, generated, root } = outputFor(schema, file);
  const types = `${file.name}_types.ts`;
  printTypes(generated(types), shapes, root);
  printMethods(generated(`${file.name}_methods.ts`), shapes, {
    root,
    types: `./${types.slice(folder.length)}`,
  });
  printProMethods(generated(`${folder}pro_methods.ts`), table);
  printHelpTexts(generated(`${folder}help_texts.ts`), table);
}

runNodeJs(plugin);
