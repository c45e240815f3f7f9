/** Whether a field is a time in Unix seconds, by its name: `expire_at`. */
export const isTime = ({ name }: { readonly name: string }): boolean => name.endsWith("_at");
