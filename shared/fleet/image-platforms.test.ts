import { expect, test } from 'vitest'
import { imageArchitectures, imageRunsOn, parseImageReference } from './image-platforms.ts'

const digest = `sha256:${'0a'.repeat(32)}`

test('an image is asked for where Docker would ask for it', () => {
  const at = (name: string) => {
    const read = parseImageReference(`${name}@${digest}`)
    return read && `${read.registry} ${read.name}`
  }
  expect(at('nginx')).toBe('registry-1.docker.io library/nginx')
  expect(at('grafana/loki:3.1')).toBe('registry-1.docker.io grafana/loki')
  expect(at('docker.io/busybox')).toBe('registry-1.docker.io library/busybox')
  expect(at('localhost/a')).toBe('localhost a')
  expect(at('127.0.0.1:5000/a/b:1')).toBe('127.0.0.1:5000 a/b')
  expect(at('ghcr.io/org/team/app:v1')).toBe('ghcr.io org/team/app')
  expect(parseImageReference('nginx:1.27')).toBeNull()
})

test('what it is made for is read from every form it is told in', () => {
  const platform = (architecture: string, os = 'linux') => ({ platform: { architecture, os } })
  const index = { manifests: [platform('amd64'), platform('arm64'), platform('unknown', 'unknown')] }
  expect(imageArchitectures(index)).toEqual(['amd64', 'arm64'])
  expect(imageArchitectures([{ Ref: 'x', Descriptor: platform('arm64') }])).toEqual(['arm64'])
  expect(imageArchitectures({ Ref: 'x', Descriptor: platform('amd64') })).toEqual(['amd64'])
  expect(imageArchitectures({ architecture: 'arm', os: 'linux', rootfs: {} })).toEqual(['arm'])
  expect(imageArchitectures({ Architecture: 'arm64', Os: 'linux' })).toEqual(['arm64'])
  for (const told of [null, 'arm64', [], { schemaVersion: 2, config: {}, layers: [] }, { manifests: [null, 3] }])
    expect(imageArchitectures(told)).toBeNull()
})

test('an image runs where one of its architectures does', () => {
  expect(imageRunsOn(['amd64', 'arm64'], 'arm64')).toBe(true)
  expect(imageRunsOn(['386'], 'amd64')).toBe(true)
  expect(imageRunsOn(['amd64'], 'arm64')).toBe(false)
  expect(imageRunsOn(null, 'arm64')).toBe(true)
})
