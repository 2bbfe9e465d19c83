export { TopologyScreen } from './topology-screen.tsx'
