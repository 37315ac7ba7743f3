export {
  defaultKickstartFile,
  fillKickstart,
  fillVariables,
  readKickstart,
  type Kickstart,
  type KickstartFile,
} from './kickstart/kickstart-file.js';
export { environmentNames, substituteAll, type Values } from './kickstart/substitute.js';
