export { DecisionsScreen } from './decisions-screen.tsx'
export { RevertDialog } from './revert-dialog.tsx'
