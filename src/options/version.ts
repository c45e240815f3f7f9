/** The version of this package. A constant needs no file at run time, in a bundle neither. A test compares package.json. */
export const version = "0.1.0";
