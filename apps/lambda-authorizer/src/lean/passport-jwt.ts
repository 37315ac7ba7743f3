/** The configuration refuses the engine that would use it. */
export class Strategy {
  authenticate(): never {
    throw new Error('passport-jwt is not in this bundle');
  }
}
