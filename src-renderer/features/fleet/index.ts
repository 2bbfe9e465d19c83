export { FleetLatency } from './fleet-latency.tsx'
export { FleetServices } from './fleet-services.tsx'
