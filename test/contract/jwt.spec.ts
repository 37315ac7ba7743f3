import { runContract } from './run-contract.js';

runContract('jwt/local');
runContract('jwt/introspection');
runContract('jwt/session');
