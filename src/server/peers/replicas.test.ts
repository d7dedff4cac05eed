import { describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../../test/analysis/manualClock.js';
import { createLogger } from '../log.js';
import { parsePeers } from './parsePeers.js';
import { idOf, othersBefore } from './replica.js';
import { Replicas, type ResolvePeers } from './replicas.js';

/** DNS as a test writes it: addresses by name, or an error. */
type Zone = Record<string, readonly string[] | Error>;

function setUp(hosts: string, zone: Zone, { listensOn = '0.0.0.0', own = '10.0.0.1' } = {}) {
  const clock = new ManualClock();
  const lines: { level: string; msg: string; replicas?: string[] }[] = [];
  const resolve = vi.fn<ResolvePeers>(async host => {
    const found = zone[host];
    if (found === undefined) throw failure('ENOTFOUND');
    if (found instanceof Error) throw found;
    return found.map(address => ({ address }));
  });
  const replicas = new Replicas({
    hosts: parsePeers(hosts),
    listensOn,
    ownPort: () => 8080,
    logger: createLogger('debug', { write: line => void lines.push(JSON.parse(line)) }),
    resolve,
    isOwn: address => address === own,
    clock,
  });
  return { clock, lines, resolve, replicas };
}

function failure(code: string): Error {
  return Object.assign(new Error(`getaddrinfo ${code}`), { code });
}

const uids = Array.from({ length: 50 }, (_, index) => `uid-${index}`);

const leading = (uid: string, replicas: Replicas) => othersBefore(uid, replicas.present());

/** Every other replica that is responsible for something. */
function othersOf(replicas: Replicas): readonly string[] {
  const found = uids.flatMap(uid => leading(uid, replicas).slice(0, 1).map(idOf));
  return [...new Set(found)].sort();
}

describe('replicas', () => {
  it('are none before the first look-up, which no sync waits for', () => {
    const { replicas, resolve } = setUp('peers', { peers: ['10.0.0.1', '10.0.0.2'] });
    expect(othersOf(replicas)).toEqual([]);
    expect(resolve).not.toHaveBeenCalled();
  });

  it.each([
    ['a headless Service', 'peers', ['10.0.0.2:8080', '10.0.0.3:8080']],
    ['one with another port', 'peers:9000', ['10.0.0.1:9000', '10.0.0.2:9000', '10.0.0.3:9000']],
    ['a list', 'peers, other:9000', ['10.0.0.2:8080', '10.0.0.3:8080', '10.0.0.9:9000']],
    ['a host twice', 'peers,peers', ['10.0.0.2:8080', '10.0.0.3:8080']],
    ['only this one', 'alone', []],
    ['nothing', 'empty', []],
    ['no such name', 'unknown', []],
  ])('of %s', async (_, hosts, expected) => {
    const zone = { peers: ['10.0.0.1', '10.0.0.2', '10.0.0.3'], other: ['10.0.0.9'], alone: ['10.0.0.1'], empty: [] };
    const { replicas } = setUp(hosts, zone);
    await replicas.refresh();
    expect(othersOf(replicas)).toEqual(expected);
  });

  it('change when they are looked up again', async () => {
    const zone: Zone = { peers: ['10.0.0.1', '10.0.0.2'] };
    const { replicas } = setUp('peers', zone);
    await replicas.refresh();
    zone['peers'] = ['10.0.0.1', '10.0.0.3'];
    expect(othersOf(replicas)).toEqual(['10.0.0.2:8080']);
    await replicas.refresh();
    expect(othersOf(replicas)).toEqual(['10.0.0.3:8080']);
    delete zone['peers'];
    await replicas.refresh();
    expect(othersOf(replicas)).toEqual([]);
  });

  it('stay for a while when DNS does not answer, and not for longer', async () => {
    const zone: Zone = { peers: ['10.0.0.1', '10.0.0.2'] };
    const { replicas, clock } = setUp('peers', zone);
    await replicas.refresh();
    zone['peers'] = failure('EAI_AGAIN');
    clock.pass(30_000);
    await replicas.refresh();
    expect(othersOf(replicas)).toEqual(['10.0.0.2:8080']);
    clock.pass(1);
    expect(othersOf(replicas)).toEqual([]);
  });

  it('are looked up once at a time, however slow DNS is', async () => {
    const { replicas, resolve } = setUp('peers', {});
    let answer: (addresses: { address: string }[]) => void = () => undefined;
    resolve.mockImplementationOnce(() => new Promise(resolved => (answer = resolved)));
    const first = replicas.refresh();
    const second = replicas.refresh();
    answer([{ address: '10.0.0.2' }]);
    await Promise.all([first, second]);
    expect(resolve).toHaveBeenCalledTimes(1);
    expect(othersOf(replicas)).toEqual(['10.0.0.2:8080']);
  });

  it('that do not answer are passed over for ten seconds', async () => {
    const { replicas, clock } = setUp('peers', { peers: ['10.0.0.1', '10.0.0.2'] });
    await replicas.refresh();
    const uid = uids.find(each => leading(each, replicas).length > 0) ?? '';
    replicas.lost(leading(uid, replicas)[0]!);
    await replicas.refresh();
    clock.pass(9999);
    expect(othersOf(replicas)).toEqual([]);
    clock.pass(1);
    expect(othersOf(replicas)).toEqual(['10.0.0.2:8080']);
  });

  it.each([
    ['0.0.0.0', 4],
    ['::', 0],
    ['localhost', 0],
  ])('of a replica that listens on %s have family %i', async (listensOn, family) => {
    const { replicas, resolve } = setUp('peers', {}, { listensOn });
    await replicas.refresh();
    expect(resolve).toHaveBeenCalledWith('peers', family);
  });

  it('are logged when they change, and a failure once', async () => {
    const zone: Zone = { peers: ['10.0.0.1', '10.0.0.2'] };
    const { replicas, lines } = setUp('peers', zone);
    const messages = async () => {
      await replicas.refresh();
      await replicas.refresh();
      return lines.splice(0).map(({ level, msg }) => `${level} ${msg}`);
    };
    expect(await messages()).toEqual(['info found 2 replicas of the hook, this one included']);
    zone['peers'] = failure('EAI_AGAIN');
    expect(await messages()).toEqual(['warn cannot look up the replicas of the hook (PEERS): getaddrinfo EAI_AGAIN']);
    zone['peers'] = ['10.0.0.2'];
    expect(await messages()).toEqual(['info found 1 replicas of the hook, without this one']);
  });

  it('of this machine are found by the real DNS', async () => {
    const replicas = new Replicas({
      hosts: parsePeers('localhost, localhost:1'),
      listensOn: '127.0.0.1',
      ownPort: () => 8080,
      logger: createLogger('silent'),
    });
    await replicas.refresh();
    expect(othersOf(replicas)).toEqual(['127.0.0.1:1']);
  });
});
