export { DependenciesScreen } from './dependencies-screen.tsx'
