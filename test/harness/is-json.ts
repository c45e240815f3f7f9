/** Whether JSON.parse accepts a text. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // The error itself is not needed.
    return false;
  }
}
