export { systemClock, systemPause, type Clock, type Pause } from './clock.js';
export {
  checkArguments,
  chooseCommand,
  commonOptions,
  flagOption,
  misused,
  option,
  optionLines,
  readArguments,
  runTool,
  splitArguments,
  type Arguments,
  type CommandLine,
  type Options,
} from './command-line.js';
export {
  ConfigurationError,
  effectiveConfig,
  parseConfig,
  processEnvironment,
  rereadSecret,
  usesProxies,
  type Environment,
} from './config.js';
export { checkWritableDirectory, dataDirProblem, unwritable } from './data-directory.js';
export { readEnvFile } from './env-file.js';
export {
  appDirectories,
  loadEnvFiles,
  readEnvFiles,
  type AppDirectory,
  type EnvSettings,
} from './env-files.js';
export { exitCodes, ExitError, listenFailure } from './exit.js';
export { appHelp, settingLines, type SettingLine } from './help.js';
export { listen, type Listening, listensAt, serve } from './listening.js';
export { createLogger, redact, redactText, type Logger } from './logger.js';
export { nestLogger } from './nest-logger.js';
export { Counter, createMetrics, Gauge, Histogram, serveMetrics, type Registry } from './metrics.js';
export { metricsPort, metricsPortProblem, metricsPortSetting } from './metrics-port.js';
export { isFromOwnPage, isLocalProgram, isLoopback, isWildcard, localUrl } from './own-address.js';
export { pageHeaders, readPageFile, type PageFile } from './page-file.js';
export {
  internalError,
  problemBody,
  ProblemError,
  problemHeaders,
  problemMediaType,
  undocumented,
  type FieldProblem,
  type ProblemType,
} from './problem.js';
export { problemCodes, type ProblemCode } from './problem-code.js';
export { writePrivateFile } from './private-file.js';
export { checkLockable, HeldElsewhere, lockPath, NoLocksHere } from './process-lock.js';
export { mistypedSettings } from './mistyped.js';
export { endOnSignal, endProcess, runMain } from './process-end.js';
export { runApp, type AppParts } from './run-app.js';
export { sameSecret } from './same-secret.js';
export { Secret } from './secret.js';
export {
  aboutSetting,
  commonSettings,
  insecureUrlProblem,
  optionalSecret,
  secret,
  setting,
  type SettingAbout,
} from './setting.js';
export {
  asFusionAuthWrites,
  commaList,
  flag,
  host,
  identifier,
  integer,
  isSendableSecret,
  keyText,
  line,
  network,
  outputFile,
  port,
  secretText,
  uuid,
  word,
} from './setting-kinds.js';
export { databaseUrl, httpUrl, logInOf, secretHttpUrl } from './setting-urls.js';
export { shipped, shippedPaths } from './shipped.js';
export { closePart, Shutdown, startOrClose } from './shutdown.js';
export { aligned, table } from './table.js';
export { isTimeZone, timeZoneOf } from './time-zone.js';
export { untilSuccess } from './until-success.js';
export { addressOnWire, hostOnWire, needsSmtpUtf8 } from './wire-name.js';
