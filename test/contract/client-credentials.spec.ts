import { runContract } from './run-contract.js';

runContract('client-credentials/local');
runContract('client-credentials/introspection');
runContract('client-credentials/session');
