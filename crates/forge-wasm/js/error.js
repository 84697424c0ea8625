// The one error that this package throws.

/** An Error with a `code` a program can switch on and, where there is one, a `hint` what to do. */
export class ForgeError extends Error {
  constructor(code, message, hint) {
    super(message);
    this.name = "ForgeError";
    this.code = code;
    if (hint !== undefined) this.hint = hint;
  }
}
