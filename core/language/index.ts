export type {
  BreakerConfig,
  ConnectionConfig,
  ConnectionLimits,
  HubConfig,
  Problem,
  Project,
} from './project.ts';
