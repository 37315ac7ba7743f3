// The API behind the authorizer: tells what it was told of its caller.
exports.handler = (event) =>
  Promise.resolve({ statusCode: 200, body: JSON.stringify(event.requestContext.authorizer) });
