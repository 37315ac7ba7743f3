import { signatureHeader, webhookPath } from '#gatehouse/auth/nest';

const event = {
  type: 'object',
  required: ['event'],
  properties: {
    event: {
      type: 'object',
      description: 'What happened; further members by its type',
      required: ['id', 'type', 'createInstant'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        type: { type: 'string', description: 'jwt.refresh-token.revoke for example' },
        createInstant: {
          type: 'integer',
          description: 'Milliseconds since 1970, on the clock of FusionAuth',
        },
        tenantId: { type: 'string', format: 'uuid' },
      },
    },
  },
};

const refused = { description: 'See the component' };

/** The path at which FusionAuth announces the end of credentials, for the API description. */
export const describeWebhook = () => ({
  paths: {
    [webhookPath]: {
      post: {
        summary: 'Takes an event of FusionAuth; for FusionAuth alone, by its signature',
        security: [{ webhookSignature: [] }],
        requestBody: { required: true, content: { 'application/json': { schema: event } } },
        responses: {
          200: { description: 'The event is dealt with, or concerns nobody here' },
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
      description: 'JWS over the SHA-256 of the body, by the key that signs webhooks of FusionAuth',
    },
  },
});
