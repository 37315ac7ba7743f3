export type { AuthorizerContext, PolicyAnswer, SimpleAnswer } from './authorizer-answers.js';
export { type LambdaAuthorizer, lambdaAuthorizer, type LambdaDoorSettings } from './lambda-door.js';
