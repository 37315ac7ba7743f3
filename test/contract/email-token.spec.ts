import { runContract } from './run-contract.js';

runContract('email-token');
