import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** Where kubectl looks: the path list of KUBECONFIG, else `~/.kube/config`. Files that are not there are passed over. */
export function ownKubeconfigFiles(environment: NodeJS.ProcessEnv = process.env): readonly string[] {
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter(file => file !== '')
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')]
}
