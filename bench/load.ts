import { loadavg } from 'node:os'

/** How busy the machine is: a figure measured under load is one about the load. */
export const load = (): string => `load ${loadavg()[0]!.toFixed(1)}`
