/* global document */
// A single-page application written like FusionAuth’s quickstarts: the React SDK does everything about logging in.
import { FusionAuthProvider, useFusionAuth } from '@fusionauth/react-sdk';
import { createElement as h, useState } from 'react';
import { createRoot } from 'react-dom/client';

const settings = JSON.parse(document.getElementById('settings').textContent);

/** Calls the API; the browser adds the cookies. */
async function call(method, path, body) {
  const headers = body === undefined ? {} : { 'content-type': 'application/json' };
  const answer = await fetch(settings.apiUrl + path, {
    method,
    headers,
    credentials: 'include',
    body: JSON.stringify(body),
  });
  return `${method} ${path}: ${answer.status} ${await answer.text()}`;
}

function Page() {
  const { isLoggedIn, userInfo, startLogin, startLogout, refreshToken, fetchUserInfo, error } =
    useFusionAuth();
  const [answer, setAnswer] = useState('');
  const show = (begin) => async () => {
    setAnswer('waiting');
    setAnswer(await begin().catch((reason) => `failed: ${reason.message}`));
  };
  const button = (name, onClick) => h('button', { onClick, key: name }, name);
  return h(
    'main',
    {},
    h('p', { id: 'state' }, isLoggedIn ? 'logged in' : 'logged out'),
    h('p', { id: 'me' }, userInfo?.email ?? error?.message ?? 'nobody'),
    h('pre', { id: 'answer' }, answer),
    button('Log in', () => startLogin('a state of mine')),
    button('Log out', () => startLogout()),
    button(
      'Refresh',
      show(async () => ((await refreshToken()) ? 'refreshed' : 'not refreshed')),
    ),
    button(
      'Who am I',
      show(async () => ((await fetchUserInfo()) ? 'known' : 'unknown')),
    ),
    button(
      'List',
      show(() => call('GET', '/todos')),
    ),
    button(
      'Add',
      show(() => call('POST', '/todos', { title: 'from a browser' })),
    ),
  );
}

function onRedirect(state) {
  document.title = `back with ${state}`;
}

createRoot(document.getElementById('root')).render(
  h(
    FusionAuthProvider,
    {
      clientId: settings.clientId,
      serverUrl: settings.serverUrl,
      redirectUri: settings.redirectUri,
      scope: 'openid email offline_access',
      shouldAutoFetchUserInfo: true,
      onRedirect,
    },
    h(Page),
  ),
);
