import { signatureHeader, webhookPath } from '#gatehouse/auth/nest';

const event = {
  type: 'object',
  required: ['event'],
  properties: {
    event: {
      type: 'object',
      description: 'What happened; further members depend on the type',
      required: ['id', 'type', 'createInstant'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        type: { type: 'string', description: 'For example jwt.refresh-token.revoke' },
        createInstant: {
          type: 'integer',
          description: 'Milliseconds since 1970, by the clock of FusionAuth',
        },
        tenantId: { type: 'string', format: 'uuid' },
      },
    },
  },
};

const refused = { description: 'See the component' };

/** Describes the path at which FusionAuth reports revocations, for the API description. */
export const describeWebhook = () => ({
  paths: {
    [webhookPath]: {
      post: {
        summary: 'Receives an event of FusionAuth; only FusionAuth can sign one',
        security: [{ webhookSignature: [] }],
        requestBody: { required: true, content: { 'application/json': { schema: event } } },
        responses: {
          200: { description: 'The event was applied, or does not concern this API' },
          403: refused,
          503: refused,
        },
      },
    },
  },
  securitySchemes: {
    webhookSignature: {
      type: 'apiKey',
      in: 'header',
      name: signatureHeader,
      description: 'JWS over the SHA-256 of the body, by the key that signs FusionAuth’s webhooks',
    },
  },
});
