import assert from 'node:assert/strict';
import { createAddressGuard } from '../../../core/http/outbound/address-guard.ts';
import { createHttp } from '../../../core/http/outbound/index.ts';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/log.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';
import { withCode } from '../../support/with-code.ts';

const REFUSED: readonly [string, string][] = [
  ['127.0.0.1', 'loopback'],
  ['127.9.9.9', 'loopback'],
  ['0.0.0.0', 'this host'],
  ['10.0.0.1', 'RFC 1918'],
  ['172.16.0.1', 'RFC 1918'],
  ['192.168.1.1', 'RFC 1918'],
  ['169.254.169.254', 'cloud metadata'],
  ['100.64.0.1', 'carrier-grade NAT'],
  ['192.0.2.1', 'documentation'],
  ['198.18.0.1', 'benchmarking'],
  ['224.0.0.1', 'multicast'],
  ['240.0.0.1', 'reserved'],
  ['255.255.255.255', 'broadcast'],
  ['::', 'unspecified'],
  ['::1', 'loopback'],
  ['::7f00:1', 'IPv4-compatible'],
  ['::ffff:127.0.0.1', 'IPv4-mapped'],
  ['::ffff:8.8.8.8', 'IPv4-mapped, public inside'],
  ['64:ff9b::7f00:1', 'NAT64'],
  ['64:ff9b:1::1', 'local NAT64'],
  ['2002:7f00:1::', '6to4'],
  ['2001::1', 'Teredo'],
  ['fc00::1', 'unique local'],
  ['fd12:3456::1', 'unique local'],
  ['fe80::1', 'link-local'],
  ['fe80::1%eth0', 'link-local with a zone'],
  ['fec0::1', 'site-local'],
  ['ff02::1', 'multicast'],
  ['100::1', 'discard'],
  ['2001:db8::1', 'documentation'],
  ['4000::1', 'not given out'],
];

describe('the address guard', () => {
  const closed = createAddressGuard([]);

  for (const [address, what] of REFUSED) {
    it(`refuses ${address} (${what})`, () => {
      assert.throws(() => closed.check(address, address, 443), withCode('ADDRESS_REFUSED'));
    });
  }

  for (const address of ['8.8.8.8', '93.184.216.34', '2606:4700:4700::1111', '2a00:1450:4001:800::200e'])
    it(`lets ${address} pass`, () => {
      closed.check('example.com', address, 443);
    });

  it('lets a listed address pass at its port only', () => {
    const guard = createAddressGuard([
      '127.0.0.1:7401',
      '10.1.0.0/16',
      '[fd00::/8]:443',
      '[::1]:80',
      'fe80::1',
    ]);
    guard.check('127.0.0.1', '127.0.0.1', 7401);
    guard.check('erp.internal', '10.1.2.3', 9999);
    guard.check('erp.internal', 'fd00::1', 443);
    guard.check('::1', '::1', 80);
    guard.check('fe80::1', 'fe80::1', 1);
    for (const [address, port] of [
      ['127.0.0.1', 7402],
      ['127.0.0.2', 7401],
      ['10.2.0.1', 443],
      ['fd00::1', 444],
      ['::ffff:127.0.0.1', 7401],
    ] as const)
      assert.throws(() => guard.check(address, address, port), withCode('ADDRESS_REFUSED'));
  });

  it('lets a listed name pass wherever it leads', () => {
    const guard = createAddressGuard(['ERP.internal:8443']);
    guard.check('erp.internal', '10.0.0.1', 8443);
    assert.throws(() => guard.check('crm.internal', '10.0.0.1', 8443), withCode('ADDRESS_REFUSED'));
    assert.throws(() => guard.check('erp.internal', '10.0.0.1', 443), withCode('ADDRESS_REFUSED'));
  });

  it('says what to allow', () => {
    assert.throws(
      () => closed.check('localhost', '::1', 7401),
      /localhost resolves to ::1.*"localhost:7401" to outbound.allow/,
    );
  });

  for (const entry of [
    '',
    'http://x',
    '10.0.0.0/33',
    '10.0.0.1:0',
    '10.0.0.1:70000',
    '1.2.3',
    '[::1',
    'a b',
    '*',
  ])
    it(`refuses to start with the entry ${JSON.stringify(entry)}`, () => {
      assert.throws(() => createAddressGuard([entry]), withCode('CONFIG_INVALID'));
    });
});

describe('a request to an internal address', () => {
  it('opens no socket, however the address is written', async () => {
    const server = await startScriptedServer();
    const port = new URL(server.url).port;
    const http = createHttp({ allow: [], clock: systemClock, log: silentLogger });
    const client = http.client({});
    const hosts = [
      'localhost', // resolves to loopback
      '127.0.0.1',
      '2130706433',
      '0177.0.0.1',
      '0x7f.1',
      '0x7f000001',
      '127.1',
      '0.0.0.0',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[::ffff:7f00:1]',
      '[64:ff9b::7f00:1]',
    ];
    try {
      for (const host of hosts)
        await assert.rejects(
          client.send({ method: 'GET', url: `http://${host}:${port}/` }),
          withCode('ADDRESS_REFUSED'),
          host,
        );
      assert.equal(server.connections, 0);
    } finally {
      await http.close();
      await server.close();
    }
  });

  it('is made when the operator allows the name', async () => {
    const server = await startScriptedServer();
    const port = new URL(server.url).port;
    const http = createHttp({ allow: [`localhost:${port}`], clock: systemClock, log: silentLogger });
    try {
      const { status } = await http.client({}).send({ method: 'GET', url: `http://localhost:${port}/` });
      assert.equal(status, 200);
    } finally {
      await http.close();
      await server.close();
    }
  });

  it('is refused for other schemes and for users in URLs', async () => {
    const http = createHttp({ allow: [], clock: systemClock, log: silentLogger });
    const client = http.client({});
    for (const url of [
      'file:///etc/passwd',
      'ftp://example.com/',
      'gopher://example.com/',
      'http://a:b@example.com/',
    ])
      await assert.rejects(client.send({ method: 'GET', url }), withCode('ADDRESS_REFUSED'), url);
    await http.close();
  });
});
