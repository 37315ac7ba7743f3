/** Takes the place of passport-jwt; the configuration refuses the engine that would use it. */
export class Strategy {
  authenticate(): never {
    throw new Error('passport-jwt is not in this bundle');
  }
}
