// Preloaded by the image. Process 1 of a container has no default action for signals (pid_namespaces(7)): one sent
// while the app is loading would be lost, and the container killed when its grace period is over. Once the app has its
// own handlers, these handlers do nothing. The first 50 ms, which Node itself needs before it reads this file, are not
// covered; an init as process 1 (`docker run --init`, `init: true` in compose.yaml) covers those too.
const exitCodes = { SIGINT: 130, SIGTERM: 143 };
for (const [signal, exitCode] of Object.entries(exitCodes)) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(exitCode);
  });
}
