/**
 * Returns how long this thread computes during `work`, in milliseconds. Unlike the time of a clock it does not grow
 * with what other processes do.
 */
export async function cpuTime(work: () => unknown): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}
