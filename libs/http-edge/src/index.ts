export { EarlyRefusals } from './early-refusals.js';
export { Readiness, type Report } from './readiness.js';
export {
  type AnsweredRequest,
  type LoggedRequest,
  recordAnswers,
  type RecordRequest,
  requestRecorder,
} from './request-log.js';
