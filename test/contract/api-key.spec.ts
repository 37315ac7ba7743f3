import { runContract } from './run-contract.js';

runContract('api-key');
