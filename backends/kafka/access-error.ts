/** A broker is there, and does not let us in, or is not the one that the settings speak of. */
import { UnavailableError } from '../../contracts/errors.ts';

export class AccessError extends UnavailableError {
  /** What to do. */
  readonly remedy: string;

  constructor(message: string, remedy: string, options: ErrorOptions = {}) {
    super(message, options);
    this.remedy = remedy;
  }
}
