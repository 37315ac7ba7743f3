import { runContract } from './run-contract.js';

runContract('jwt/local');
