import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Secret } from '#gatehouse/platform';
import { silentLog } from '../../../test/support/embedded-database.js';
import { type Database, openDatabase } from './open-database.js';

/** A message of the PostgreSQL protocol (manual, 54.7): its type, its length, its content. */
function message(type: string, ...parts: (string | number | Buffer)[]): Buffer {
  const content = Buffer.concat(
    parts.map((part) => {
      if (Buffer.isBuffer(part)) return part;
      if (typeof part === 'string') return Buffer.from(`${part}\0`);
      const number = Buffer.alloc(4);
      number.writeInt32BE(part);
      return number;
    }),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}
const short = (value: number) => Buffer.from([value >> 8, value & 255]);
/** Types by column (pg_type): int4, else text. */
const oids: Readonly<Record<string, number>> = { pid: 23 };
const ready = message('Z', Buffer.from('I'));

function table(row: Readonly<Record<string, string>>): Buffer {
  const columns = Object.keys(row).map((name) =>
    Buffer.concat([
      Buffer.from(`${name}\0`),
      Buffer.alloc(6),
      Buffer.from([0, 0, 0, oids[name] ?? 25]),
      short(0xffff),
      Buffer.alloc(6),
    ]),
  );
  const values = Object.values(row).flatMap((value) => {
    const size = Buffer.alloc(4);
    size.writeInt32BE(Buffer.byteLength(value));
    return [size, Buffer.from(value)];
  });
  return Buffer.concat([
    message('T', short(columns.length), ...columns),
    message('D', short(columns.length), ...values),
    message('C', 'SELECT 1'),
  ]);
}

interface Behaviour {
  /** The process that answers the next statement of connection number `connection`. */
  backend: (connection: number) => number;
  /** The process id that connection number `connection` receives when it begins. */
  announced: (connection: number) => number;
  /** The effective value of a setting after it was set to `value`. */
  inForce: (name: string, value: string) => string;
}

/** A stand-in for a PostgreSQL server or a pooler, which records the statements that reach it. */
class StandIn {
  readonly statements: string[] = [];
  connections = 0;
  behaviour: Behaviour = { backend: (one) => one, announced: (one) => one, inForce: (_name, value) => value };
  readonly server: Server = createServer((socket) => this.#serve(socket, (this.connections += 1)));

  #serve(socket: Socket, connection: number): void {
    const settings = new Map<string, string>();
    let started = false;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      if (!started) {
        started = true;
        const announced = this.behaviour.announced(connection);
        socket.write(Buffer.concat([message('R', 0), message('K', announced, 1), ready]));
      } else if (bytes[0] === 'Q'.charCodeAt(0)) {
        socket.write(
          Buffer.concat([this.#answer(bytes.subarray(5, -1).toString(), connection, settings), ready]),
        );
      } else {
        socket.end();
      }
    });
  }

  #answer(statement: string, connection: number, settings: Map<string, string>): Buffer {
    this.statements.push(statement);
    if (statement.includes('pg_backend_pid'))
      return table({ pid: String(this.behaviour.backend(connection)) });
    for (const [, name, value] of statement.matchAll(/set (\w+) = '([^']*)'/g))
      settings.set(name!, this.behaviour.inForce(name!, value!));
    if (statement.startsWith('set')) return message('C', 'SET');
    const asked = [...statement.matchAll(/current_setting\('(\w+)'\)/g)].map(([, name]) => name!);
    return table(Object.fromEntries(asked.map((name) => [name, settings.get(name) ?? 'unset'])));
  }
}

describe('a connection to a server', () => {
  let standIn: StandIn;
  let database: Database;

  beforeEach(async () => {
    standIn = new StandIn();
    await once(standIn.server.listen(0, '127.0.0.1'), 'listening');
    const { port } = standIn.server.address() as AddressInfo;
    const url = new Secret(`postgresql://app@127.0.0.1:${port}/app`);
    database = await openDatabase({ name: 'todo', url, dataDir: '', log: silentLog });
  });
  afterEach(async () => {
    await database.close();
    standIn.server.close();
  });

  const connect = async () => (await database.pool.connect()).release();
  const sets = () => standIn.statements.filter((statement) => statement.startsWith('set'));

  it('is made ours before anybody uses it, and asked whether it is', async () => {
    await connect();

    expect(sets()).toHaveLength(1);
    for (const setting of [
      "TimeZone = 'UTC'",
      "search_path = 'todo'",
      "statement_timeout = '5s'",
      "default_transaction_isolation = 'read committed'",
    ])
      expect(sets()[0]).toContain(setting);
    expect(standIn.statements.at(-1)).toMatch(/^select current_setting/);
    expect(standIn.connections).toBe(1);
  });

  it.each(['TimeZone', 'search_path', 'statement_timeout', 'DateStyle', 'default_transaction_isolation'])(
    'is refused (78) where %s is not what it was set to',
    async (dropped) => {
      standIn.behaviour.inForce = (name, value) => (name === dropped ? 'other' : value);

      await expect(connect()).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringContaining(`${dropped} is other, although it was set to`) as string,
      });
    },
  );

  it('is accepted through a pooler that keeps sessions apart, which is found out once', async () => {
    standIn.behaviour.announced = () => 7;
    const held = await database.pool.connect();
    expect(standIn.connections).toBe(3);
    await connect();
    held.release();

    expect(standIn.connections).toBe(4);
    expect(sets()).toHaveLength(2);
  });

  it.each([
    ['one process', () => 100],
    [
      'one process after the other',
      (() => {
        let turn = 100;
        return () => (turn += 1);
      })(),
    ],
  ])(
    'is refused (78) through a pooler that serves all by %s, before anything is set',
    async (_what, backend) => {
      Object.assign(standIn.behaviour, { announced: () => 7, backend });

      await expect(connect()).rejects.toMatchObject({
        exitCode: 78,
        message: expect.stringMatching(/pool_mode = session.*alternately by one server process/) as string,
      });
      expect(sets()).toEqual([]);
    },
  );

  it('is judged again once the pooler is set up as it should be', async () => {
    Object.assign(standIn.behaviour, { announced: () => 7, backend: () => 100 });
    await expect(connect()).rejects.toMatchObject({ exitCode: 78 });

    standIn.behaviour.backend = (connection) => connection;

    await expect(connect()).resolves.toBeUndefined();
  });
});
