import { connect } from 'amqplib';
import { systemClock } from '../../../core/clock.ts';
import { silentLogger } from '../../../core/log.ts';
import { createRabbitTransport } from '../../../core/transport/index.ts';
import { transportContract } from '../../contract/transport.ts';
import { type Broker, startBroker } from '../../support/broker.ts';

describe('RabbitMQ', () => {
  let broker: Broker;
  before(async () => {
    broker = await startBroker();
  });
  after(async () => {
    await broker.close();
  });

  transportContract('RabbitMQ', async () => ({
    transport: createRabbitTransport({ url: broker.url, clock: systemClock, log: silentLogger }),
    deleteQueue: async (name) => {
      const connection = await connect(broker.url);
      const channel = await connection.createChannel();
      await channel.deleteQueue(name);
      await connection.close();
    },
    restart: async () => {
      await broker.kill();
      await broker.start();
    },
  }));
});
