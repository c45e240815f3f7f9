import { PathError } from "../../codec/path-error.ts";

/**
 * Makes the check of a queue's ids, which gives a valid id back.
 *
 * @param taken the forms that the queue takes, as its errors say it
 */
export function idCheck(form: RegExp, taken: string): (field: string, id: string) => string {
  return (field, id) => {
    if (!form.test(id)) throw new PathError(taken, { path: field });
    return id;
  };
}
