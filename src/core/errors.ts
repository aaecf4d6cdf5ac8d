/** A mistake in how the library was called; the message says where, what was expected, what came and what to do. */
export class EtudeError extends Error {
  override get name(): string {
    return this.constructor.name;
  }
}

/** An option has a value outside its range or list. */
export class OptionError extends EtudeError {}

/** Rows, columns or tensor dimensions do not fit together. */
export class ShapeError extends EtudeError {}

/** The data itself cannot be used: missing values, an unknown column or class, an unreadable file. */
export class DataError extends EtudeError {}
