export { FleetLatency } from './fleet-latency.tsx'
export { FleetServices } from './fleet-services.tsx'
export { ImportDialog } from './import-dialog.tsx'
