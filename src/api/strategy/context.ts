import type { RoutingNames } from '../../routers/router.js';
import type { RoleMetadataContext } from '../template/podMetadata.js';

/** What a strategy cannot be read without: names for its Services and routes, and how pods are selected. */
export type StrategyContext = RoutingNames & RoleMetadataContext;
