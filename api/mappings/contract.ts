import { endpoint } from '../endpoint.ts';
import { NAME, TEXT, TIME, closed, listOf } from '../shapes.ts';

const ROUTE = closed(
  {
    name: { ...TEXT, description: '`<domain>/<mapping>/<target>`.' },
    target: TEXT,
    connection: TEXT,
    action: TEXT,
    topic: TEXT,
  },
  ['connection', 'action', 'topic'],
);

const MAPPING = closed(
  {
    name: { ...TEXT, description: '`<domain>/<name>`.' },
    domain: TEXT,
    description: TEXT,
    from: closed(
      {
        kind: { enum: ['connection', 'topic'] },
        connection: TEXT,
        source: TEXT,
        topic: TEXT,
        schedule: { ...TEXT, description: 'Cron expression and time zone.' },
        url: { ...TEXT, description: 'Path that the system posts to, for push sources.' },
        lastPull: {
          type: 'object',
          description: 'How the last pull ended, for pull sources.',
          properties: { at: TIME, error: { ...TEXT, description: 'Why it ended early.' } },
          required: ['at'],
          additionalProperties: false,
        },
      },
      ['connection', 'source', 'topic', 'schedule', 'url', 'lastPull'],
    ),
    schema: TEXT,
    routes: { type: 'array', items: ROUTE },
  },
  ['description', 'schema'],
);

export const listMappings = endpoint({
  name: 'listMappings',
  method: 'GET',
  path: '/mappings',
  action: 'mappings.read',
  summary: 'Mappings and their routes',
  response: listOf(MAPPING),
});

export const getMapping = endpoint({
  name: 'getMapping',
  method: 'GET',
  path: '/mappings/{domain}/{name}',
  action: 'mappings.read',
  summary: 'One mapping as it is written',
  params: closed({ domain: NAME, name: NAME }),
  response: {
    type: 'object',
    properties: {
      ...MAPPING.properties,
      revision: { ...TEXT, description: 'Of the project.' },
      file: TEXT,
      definition: { ...TEXT, description: 'The file, as it is written.' },
    },
    required: [...MAPPING.required, 'revision', 'file', 'definition'],
    additionalProperties: false,
  },
});
