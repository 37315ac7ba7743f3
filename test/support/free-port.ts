export { freePort } from '../../tools/measure/src/free-port.js';
