import { endpoint } from '../endpoint.ts';
import { COUNT, FLAG, NAME, TEXT, TIME, closed, listOf } from '../shapes.ts';

/** Where a connection's breaker stands. */
const BREAKER = closed(
  {
    state: { enum: ['closed', 'open', 'probing'], description: 'open: paused; probing: one is let through.' },
    code: { ...TEXT, description: 'The error that opened it.' },
    error: TEXT,
    probeAt: { ...TIME, description: 'When the next probe is let through.' },
  },
  ['code', 'error', 'probeAt'],
);

export const listConnections = endpoint({
  name: 'listConnections',
  method: 'GET',
  path: '/connections',
  action: 'connections.read',
  summary: 'Connections, their limits and breakers',
  response: listOf(
    closed(
      {
        name: TEXT,
        connector: TEXT,
        mappings: { type: 'array', items: TEXT, description: 'That use it.' },
        limits: closed(
          {
            concurrency: COUNT,
            rate: { type: 'number', description: 'Requests a second; none: no limit.' },
            timeoutMs: COUNT,
          },
          ['rate'],
        ),
        breaker: BREAKER,
      },
      ['breaker'],
    ),
  ),
});

export const checkConnection = endpoint({
  name: 'checkConnection',
  method: 'POST',
  path: '/connections/{name}/check',
  action: 'connections.check',
  summary: 'Prove address, credentials and rights, without side effects',
  params: closed({ name: NAME }),
  response: closed({
    name: TEXT,
    ok: FLAG,
    results: {
      type: 'array',
      items: closed({ name: TEXT, ok: FLAG, detail: TEXT }),
    },
  }),
});
