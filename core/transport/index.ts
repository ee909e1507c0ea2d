export { decodeDelivery } from './envelope.ts';
export { createMemoryTransport } from './memory.ts';
export { createRabbitTransport } from './rabbitmq.ts';
export type { RabbitOptions } from './rabbitmq.ts';
export { queueName, topologyOf } from './topology.ts';
export type { TopologyOptions } from './topology.ts';
export type {
  Consumer,
  Depth,
  Held,
  Parcel,
  Publication,
  QueueSpec,
  Received,
  Topology,
  Transport,
  TransportState,
  Verdict,
} from './transport.ts';
