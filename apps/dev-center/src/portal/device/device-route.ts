import { publicFusionAuthUrl } from '../../config.js';
import { goTo } from '../pages/answer.js';
import type { Routes } from '../routes.js';

/**
 * Adds the page where people approve a device (RFC 8628 section 3.3): redirects to FusionAuth's page with the client and
 * the tenant. FusionAuth has this address rather than that of its page, because it may not append the code correctly to
 * an address with a query.
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
