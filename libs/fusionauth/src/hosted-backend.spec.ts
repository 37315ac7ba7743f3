import { hostedBackend } from './hosted-backend.js';

describe('the addresses of the Hosted Backend', () => {
  const backend = hostedBackend('https://auth.example.com', 'an-application');
  const page = 'https://dev.example.com/todos';

  it('are those that FusionAuth’s SDKs call, with the client id in the query', () => {
    expect(backend.refresh).toBe('https://auth.example.com/app/refresh/?client_id=an-application');
    expect(backend.logOut(page)).toBe(
      'https://auth.example.com/app/logout/?client_id=an-application&post_logout_redirect_uri=https%3A%2F%2Fdev.example.com%2Ftodos',
    );
  });

  it('ask for a refresh token at log-in, and pass a state if there is one', () => {
    const { searchParams } = new URL(backend.logIn(page, '/todos/1&scope=x'));
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: 'an-application',
      redirect_uri: page,
      scope: 'openid offline_access',
      state: '/todos/1&scope=x',
    });
    expect(backend.logIn(page)).not.toContain('state');
  });
});
