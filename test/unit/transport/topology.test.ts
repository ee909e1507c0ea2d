import assert from 'node:assert/strict';
import { queueName, topologyOf } from '../../../core/transport/index.ts';

const OPTIONS = { namespace: 'hub', maxLength: 10, deliveryLimit: 3 };

describe('the topology of a set of routes', () => {
  it('has one queue per route, whatever their order, and one for dead letters', () => {
    const topology = topologyOf(['sales/orders/erp', 'sales/orders/crm', 'sales/orders/erp'], OPTIONS);
    assert.deepEqual(topology, {
      namespace: 'hub',
      deadLetters: 'hub.dead-letters',
      queues: [
        { name: 'hub.sales/orders/crm', maxLength: 10, deliveryLimit: 3 },
        { name: 'hub.sales/orders/erp', maxLength: 10, deliveryLimit: 3 },
      ],
    });
    assert.deepEqual(topologyOf(['sales/orders/erp', 'sales/orders/crm'], OPTIONS), topology);
  });

  it('gives no route the queue of the dead letters', () => {
    const routes = ['sales/dead-letters/erp', 'sales/dead/letters'];
    const { queues, deadLetters } = topologyOf(routes, OPTIONS);
    assert.ok(!queues.some(({ name }) => name === deadLetters));
  });

  it('keeps names that are too long for a broker apart', () => {
    const long = `sales/${'ü'.repeat(200)}`;
    const names = ['erp', 'crm'].map((target) => queueName('hub', `${long}/${target}`));
    assert.notEqual(names[0], names[1]);
    for (const name of names) assert.ok(Buffer.byteLength(name) <= 200);
  });
});
