export { RolloutsScreen } from './rollouts-screen.tsx'
