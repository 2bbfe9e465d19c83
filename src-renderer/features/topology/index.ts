export { type PictureSelection, TopologyPicture } from './topology-picture.tsx'
export { TopologyScreen } from './topology-screen.tsx'
