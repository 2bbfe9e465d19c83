export { EdgeScreen } from './edge-screen.tsx'
