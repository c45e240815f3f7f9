import { oneLine } from "../codec/one-line.ts";

/** Pads the cells of each column to the same width, and gives the lines of the table. No terminal obeys a cell. */
export function columns(cells: readonly (readonly string[])[]): string[] {
  const rows = cells.map((row) => row.map(oneLine));
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** Breaks a text into lines of at most `width` characters, where it has spaces. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The lines of a help page for options and their texts. */
export function optionLines(options: readonly (readonly [title: string, text: string])[]): string[] {
  const indent = 23;
  return options.flatMap(([title, text]) => {
    const [first = "", ...others] = wrapped(text, 80 - indent);
    const start =
      title.length + 4 > indent
        ? [`  ${title}`, " ".repeat(indent) + first]
        : [`  ${title}`.padEnd(indent) + first];
    return [...start, ...others.map((line) => " ".repeat(indent) + line)];
  });
}
