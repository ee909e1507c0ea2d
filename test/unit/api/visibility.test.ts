import assert from 'node:assert/strict';
import { domainOf, seesMessage, withPeriod, withoutForeignRoutes } from '../../../api/visibility.ts';

const shared = { source: 'topic/sales/order@1', routes: ['sales/deals/crm', 'finance/ledger/erp'] };

describe('What a principal sees', () => {
  it('is a message that came through a mapping of its domains', () => {
    const message = { source: 'shop/sales/orders', routes: [] };
    assert.equal(seesMessage(['sales'], message), true);
    assert.equal(seesMessage(['orders', 'shop', 'finance'], message), false);
    assert.equal(seesMessage('all', message), true);
  });

  it('is a message of a topic that is delivered in its domains, whatever the topic is called', () => {
    assert.equal(seesMessage(['finance'], shared), true);
    assert.equal(seesMessage(['sales'], { ...shared, routes: ['finance/ledger/erp'] }), false);
  });

  it('is of such a message only the own routes', () => {
    assert.deepEqual(withoutForeignRoutes(['finance'], shared).routes, ['finance/ledger/erp']);
    assert.deepEqual(withoutForeignRoutes('all', shared).routes, shared.routes);
  });

  it('is decided by the whole name of a domain', () => {
    assert.equal(domainOf('finance/ledger/erp'), 'finance');
    assert.equal(domainOf('finance2/ledger/erp'), 'finance2');
  });
});

describe('A period', () => {
  it('is half open, in milliseconds, and absent where it was not given', () => {
    assert.deepEqual(withPeriod({ since: '1970-01-01T00:00:01Z', route: 'x' }), { since: 1_000, route: 'x' });
    assert.deepEqual(withPeriod({}), {});
  });
});
