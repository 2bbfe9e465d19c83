export { DependenciesScreen } from './dependencies-screen.tsx'
export { type Beside, DependencyChanges } from './dependency-changes.tsx'
