import { PublicAddress } from '../http/public-address.js';
import { ProtectedResource } from './protected-resource.js';

const resourceAt = (publicUrl: string | undefined, tokenLocations = ['header']) => {
  const address = new PublicAddress(publicUrl);
  return { address, resource: new ProtectedResource(address, () => 'https://auth.example', tokenLocations) };
};

describe('the protected resource', () => {
  it('with a path has the well-known path between host and path (RFC 9728 section 3.1)', () => {
    const { resource } = resourceAt('https://h.example/api/v1');
    expect(resource.metadataUrl).toBe('https://h.example/.well-known/oauth-protected-resource/api/v1');
    expect(resource.metadataPath).toBe('/.well-known/oauth-protected-resource/api/v1');
  });

  it('has in its metadata the URL with which clients compare theirs (RFC 9728 section 3.3)', () => {
    const { resource } = resourceAt('https://h.example/api');
    const [before, after] = (resource.metadataUrl ?? '').split('/.well-known/oauth-protected-resource');
    expect(resource.describe().resource).toBe(`${before}${after}`);
  });

  it('without a path has the well-known path at the root, and no metadata URL before it listens', () => {
    const { address, resource } = resourceAt(undefined);
    expect(resource.metadataUrl).toBeUndefined();
    address.listensAt('http://127.0.0.1:3000');
    expect(resource.metadataUrl).toBe('http://127.0.0.1:3000/.well-known/oauth-protected-resource');
    expect(resource.describe().resource).toBe('http://127.0.0.1:3000');
  });

  it('names the authorization server, and the bearer methods that the RFC defines', () => {
    expect(resourceAt('https://h.example', ['header', 'cookie']).resource.describe()).toEqual({
      resource: 'https://h.example',
      resource_name: 'Todo API',
      authorization_servers: ['https://auth.example'],
      bearer_methods_supported: ['header'],
    });
    expect(resourceAt('https://h.example', ['cookie']).resource.describe().bearer_methods_supported).toEqual(
      [],
    );
  });
});
