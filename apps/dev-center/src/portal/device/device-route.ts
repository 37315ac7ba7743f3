import { publicFusionAuthUrl } from '../../config.js';
import { goTo } from '../pages/answer.js';
import type { Routes } from '../routes.js';

/**
 * Where people approve a device (RFC 8628 section 3.3): leads to FusionAuth's own page, which takes the client and the
 * tenant too. The address of that page would do only if FusionAuth added the code well to an address that has a query.
 */
export function addDeviceRoute({ publicPage, portal }: Routes): void {
  const { config } = portal.context;
  publicPage('/device', ({ request }) => {
    const target = new URL(`${publicFusionAuthUrl(config)}/oauth2/device`);
    target.searchParams.set('client_id', config.FUSIONAUTH_APPLICATION_ID);
    target.searchParams.set('tenantId', config.FUSIONAUTH_TENANT_ID);
    const { user_code: code } = request.query as { user_code?: unknown };
    if (typeof code === 'string') target.searchParams.set('user_code', code);
    return Promise.resolve(goTo(target.href));
  });
}
