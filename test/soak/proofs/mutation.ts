import { mkdirSync, writeFileSync } from 'node:fs';
import { type Room, rooms } from '../mutation/rooms.js';
import { shardOf, wholeOf } from '../mutation/shard.js';
import { reportOf, runStryker } from '../mutation/stryker.js';
import type { Figures, Proof } from '../proof.js';

const survivorsFile = 'dist/mutation/survivors.txt';

/**
 * Mutates every decision in every way that Stryker knows; a test must notice. Files are skipped while neither they nor
 * their tests change.
 */
export const mutation: Proof = {
  name: 'mutation',
  about:
    'small faults put into the files that decide are noticed by their tests (--shard 3/8: a part of at most 30 min)',
  async run(say, { shard }) {
    const parts = shard ? shardOf(rooms, shard.number, shard.count) : wholeOf(rooms);
    for (const { room, files } of parts) {
      const unmeasured = files.filter((file) => reportOf(file, room) === undefined);
      if (unmeasured.length > 0) await runStryker({ room, files: unmeasured }, say);
    }
    const scores = rooms.map((room) => ({ room, ...scoreOf(room) }));
    mkdirSync('dist/mutation', { recursive: true });
    writeFileSync(survivorsFile, scores.flatMap(({ survivors }) => survivors).join('\n'));
    const figures = Object.fromEntries(scores.map(({ room, said }) => [room.name, said])) satisfies Figures;
    const short = scores.filter(({ room, score, noticed }) => noticed > 0 && score < room.promised);
    if (short.length === 0) return figures;
    const names = short.map(({ room, said }) => `${room.name} ${said}`);
    throw new Error(`too few noticed: ${names.join('; ')}. The rest is in ${survivorsFile}`);
  },
};

/** Counts the mutants measured so far; mutants of a file that do not compile are skipped. */
function scoreOf(room: Room) {
  const [{ files } = { files: [] }] = wholeOf([room]);
  const reports = files.map((file) => ({ file, report: reportOf(file, room) }));
  const mutants = reports.flatMap(({ file, report }) =>
    (report?.mutants ?? []).map((mutant) => ({ file, ...mutant })),
  );
  const noticed = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout').length;
  const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
  const score = Math.round((1000 * noticed) / Math.max(1, noticed + missed.length)) / 10;
  const absent = reports.filter(({ report }) => report === undefined).length;
  return {
    score,
    noticed,
    said: `${score} % (${noticed} of ${noticed + missed.length}, promised ${room.promised} %)${absent > 0 ? `, ${absent} of ${files.length} files not measured yet` : ''}`,
    survivors: missed.map(
      ({ file, location, mutatorName, replacement }) =>
        `${file}:${location.start.line}:${location.start.column} ${mutatorName} → ${replacement ?? ''}`,
    ),
  };
}
