import { createHash } from 'node:crypto';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { adaId, api } from '../../started-sandbox.js';
import {
  addWebhook,
  type Received,
  type Receiver,
  sendEvents,
  startedReceiver,
} from '../../webhook-receiver.js';
import { sandbox } from '../ground.js';

/** Runs `work` with a webhook that asks for everything. */
async function listening(transactionType: string, work: (receiver: Receiver) => Promise<void>) {
  const receiver = await startedReceiver();
  try {
    await sendEvents(sandbox, transactionType);
    await addWebhook(sandbox, receiver.url);
    await work(receiver);
  } finally {
    await receiver.stop();
  }
}

describe('FusionAuth’s webhooks', () => {
  it('webhooks are signed over the bytes of the body, and called once under None regardless of their answer', () =>
    listening('None', async (receiver) => {
      receiver.answer = (response) => response.writeHead(500).end();
      await api(sandbox, 'DELETE', `/api/user/${adaId}`);
      await sandbox.webhooks.settled();
      const [{ headers, body }, ...more] = receiver.received as [Received, ...Received[]];
      expect(more).toEqual([]);
      const keySet = createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`));
      const { payload } = await jwtVerify(String(headers['x-fusionauth-signature-jwt']), keySet);
      expect(payload).toEqual({ request_body_sha256: createHash('sha256').update(body).digest('base64') });
    }));

  it('a change of the public keys is announced, twice if a control duplicates it', () =>
    listening('None', async (receiver) => {
      sandbox.webhooks.disturb({ duplicate: true, times: 1 });
      await sandbox.rotateKey();
      await sandbox.webhooks.settled();
      const announced = receiver.received.map(({ event: { id, type } }) => ({ id, type }));
      expect(announced).toEqual([announced[0], announced[0]]);
      expect(announced[0]).toMatchObject({ type: 'jwt.public-key.update' });
    }));
});
