import { runContract } from './run-contract.js';

runContract('jwt/local');
runContract('jwt/local (passport-jwt)');
runContract('jwt/local+push');
runContract('jwt/introspection');
runContract('jwt/session');
