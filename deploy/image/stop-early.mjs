// Preloaded by the image. Process 1 of a container has no default action for signals (pid_namespaces(7)), so that one sent
// while the app is still loading would be lost, and the container killed when its grace period ends. Once the app has
// handlers of its own, they decide alone. What is left are the 50 ms that Node itself needs before it reads this file; an
// init as process 1 (`docker run --init`, `init: true` in compose.yaml) covers those too.
const exitCodes = { SIGINT: 130, SIGTERM: 143 };
for (const [signal, exitCode] of Object.entries(exitCodes)) {
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(exitCode);
  });
}
