import type { Door } from '../door.js';
import { goTo } from '../pages/answer.js';

/**
 * Where people approve a device (RFC 8628 section 3.3): leads to FusionAuth's own page, which takes the client and the
 * tenant too. The address of that page would do only if FusionAuth added the code well to an address that has a query.
 */
export function addDeviceRoute({ open, portal }: Door): void {
  const { config } = portal.context;
  open('/device', ({ request }) => {
    const target = new URL(`${config.FUSIONAUTH_PUBLIC_URL ?? config.FUSIONAUTH_URL}/oauth2/device`);
    target.searchParams.set('client_id', config.FUSIONAUTH_APPLICATION_ID);
    target.searchParams.set('tenantId', config.FUSIONAUTH_TENANT_ID);
    const { user_code: code } = request.query as { user_code?: unknown };
    if (typeof code === 'string') target.searchParams.set('user_code', code);
    return Promise.resolve(goTo(target.href));
  });
}
