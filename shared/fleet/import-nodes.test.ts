import { expect, test } from 'vitest'
import { readEdgeFile } from '../edge/read-edge.ts'
import { edgeNodesText, readInventory } from './import-nodes.ts'

test('an SSH configuration gives its aliases, not its patterns', () => {
  const found = readInventory('Host edge-1 edge-2\n  User pi\nHost *.example !bad\n  Port 2\n host=gate # door\n')
  expect(found.map(({ host }) => host)).toEqual(['edge-1', 'edge-2', 'gate'])
})

test('an Ansible inventory in INI: groups, ranges, variables', () => {
  const text = `lone ansible_host=10.0.0.9
[canary]
board-[01:02] ansible_user=pi ansible_port=2222  ; two of them
[porto]
board-01
board-03 ansible_host="10.0.0.3"
[fleet:children]
canary
porto
[fleet:vars]
ansible_user = admin
`
  expect(readInventory(text)).toEqual([
    { name: 'lone', host: '10.0.0.9', groups: [] },
    { name: 'board-01', host: 'board-01', user: 'admin', port: 2222, groups: ['canary', 'fleet', 'porto'] },
    { name: 'board-02', host: 'board-02', user: 'pi', port: 2222, groups: ['canary', 'fleet'] },
    { name: 'board-03', host: '10.0.0.3', user: 'admin', groups: ['porto', 'fleet'] },
  ])
})

test('an Ansible inventory in YAML', () => {
  const text = `all:
  vars: { ansible_user: admin }
  hosts:
    lone: { ansible_host: 10.0.0.9 }
  children:
    porto:
      children:
        hall: { hosts: { "board-[1:2]": null }, vars: { ansible_port: 2222 } }
`
  expect(readInventory(text)).toEqual([
    { name: 'lone', host: '10.0.0.9', user: 'admin', groups: [] },
    { name: 'board-1', host: 'board-1', user: 'admin', port: 2222, groups: ['hall', 'porto'] },
    { name: 'board-2', host: 'board-2', user: 'admin', port: 2222, groups: ['hall', 'porto'] },
  ])
})

test('networks give their hosts; one that is too large gives none', () => {
  expect(readInventory('10.0.0.5/29, edge.example 10.1.0.0/31 10.0.0.0/8').map(({ host }) => host)).toEqual([
    '10.0.0.1',
    '10.0.0.2',
    '10.0.0.3',
    '10.0.0.4',
    '10.0.0.5',
    '10.0.0.6',
    'edge.example',
    '10.1.0.0',
    '10.1.0.1',
  ])
})

test('what is written is read again, whatever a file named', () => {
  const text = edgeNodesText(
    [
      { name: 'Edge_1', host: '10.0.0.1', port: 22, user: 'pi', groups: ['Hall A', 'x'] },
      { name: 'yes', host: 'no', groups: [] },
      { name: '10.0.0.2', host: '10.0.0.2', groups: [] },
      { name: '1e3', host: '0x10', groups: [] },
      { name: 'known', host: 'known', groups: [] },
    ],
    new Set(['known']),
  )
  const { nodes, findings } = readEdgeFile('.pilothouse/edge/nodes.yaml', text)
  expect(findings).toEqual([])
  expect(nodes.map(({ name, host, labels }) => [name, host, Object.keys(labels).join()])).toEqual([
    ['edge-1', '10.0.0.1', 'group.hall-a,group.x'],
    ['yes', 'no', ''],
    ['10.0.0.2', '10.0.0.2', ''],
    ['1e3', '0x10', ''],
  ])
})
