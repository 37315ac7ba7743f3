import { runContract } from './run-contract.js';

runContract('jwt/local');
runContract('jwt/local (passport-jwt)');
runContract('jwt/introspection');
runContract('jwt/session');
