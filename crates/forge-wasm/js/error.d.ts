/** An Error with a `code` a program can switch on and, where there is one, a `hint` what to do. */
export declare class ForgeError extends Error {
  constructor(code: string, message: string, hint?: string);
  readonly code: string;
  readonly hint?: string;
}
