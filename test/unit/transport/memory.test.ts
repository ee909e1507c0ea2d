import { createMemoryTransport } from '../../../core/transport/index.ts';
import { transportContract } from '../../contract/transport.ts';

transportContract('memory', async () => ({ transport: createMemoryTransport() }), {
  skip: [
    {
      reason: 'nobody else can delete its queues',
      tests: [
        'makes a deleted queue anew, says so, and its consumer goes on',
        'makes a deleted queue anew that nobody consumes, when something is published to it',
      ],
    },
    {
      reason: 'it talks to no broker that could restart',
      tests: ['loses nothing that it confirmed while the broker restarts'],
    },
  ],
});
