/** Called by nobody in a function: the configuration refuses what would, or only another door or `start()` does. */
const unreachable = (): never => {
  throw new Error('This part of the guard is not in the bundle');
};

export {
  unreachable as answerTo,
  unreachable as budget,
  unreachable as checkJwtSetUp,
  unreachable as createEmailToken,
  unreachable as inProcessRevocations,
  unreachable as passportJwtEngine,
  unreachable as pushRevocation,
};

export const login = () => unreachable;

export const ownKey = () => ({ permits: unreachable, seesProbeGroup: unreachable });

export const selfCheck = () => ({ start: unreachable, close: () => undefined, findings: () => [] });

export const webhookLog = () => ({ search: unreachable });
