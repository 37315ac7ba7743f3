import { Readiness } from './readiness.js';

function readiness() {
  const state = { ready: true, migrated: true, answers: true };
  const authenticator = {
    readiness: () => ({ ready: state.ready, reasons: state.ready ? [] : ['no keys yet'] }),
  };
  const store = {
    get migrated() {
      return state.migrated;
    },
    answers: () => Promise.resolve(state.answers),
  };
  return { state, readiness: new Readiness(authenticator, store) };
}

describe('readiness', () => {
  it('is starting until the database is migrated and the authenticator ready, and says what is missing', async () => {
    const { state, readiness: one } = readiness();
    Object.assign(state, { ready: false, migrated: false });
    expect(await one.report()).toEqual({
      status: 'starting',
      reasons: ['no keys yet', 'the database has not been reached and migrated'],
    });
    state.migrated = true;
    expect(await one.report()).toMatchObject({ status: 'starting', reasons: ['no keys yet'] });
    state.ready = true;
    expect(await one.report()).toEqual({ status: 'ok', reasons: [] });
  });

  it('is degraded, not starting, if a migrated database stops answering before the first report', async () => {
    const { state, readiness: one } = readiness();
    state.answers = false;
    expect(await one.report()).toEqual({ status: 'degraded', reasons: ['the database does not answer'] });
  });

  it('depends on the authenticator alone if there is no database', async () => {
    const { state } = readiness();
    const authenticator = { readiness: () => ({ ready: state.ready, reasons: [] }) };
    const one = new Readiness(authenticator, undefined);
    state.ready = false;
    expect(await one.report()).toMatchObject({ status: 'starting' });
    state.ready = true;
    expect(await one.report()).toEqual({ status: 'ok', reasons: [] });
  });
});
