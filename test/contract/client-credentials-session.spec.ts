import { runContract } from './run-contract.js';

runContract('client-credentials/session');
