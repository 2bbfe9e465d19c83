import { expect, test } from 'vitest'
import { formatSnapshot, readSnapshot, snapshotVersion } from './snapshot.ts'

/** As the first version wrote it, to the byte. It stays readable whatever versions come after it. */
const firstVersion = `{
  "apiVersion": "pilothouse.dev/v1alpha1",
  "base": "8b4c1d2e3f405162738495a6b7c8d9e0f1a2b3c4",
  "decisionId": "01KAGZ6QW3N9X5T7V1B2C4D6E8",
  "edits": [
    {"kind":"set-replicas","replicas":4,"resource":{"file":"deploy/cart.yaml","kind":"Deployment","name":"cart"}}
  ],
  "environment": "deploy",
  "gate": {
    "items": [
      {"message":{"key":"rule.holds"},"rule":"no-orphan","services":["cart"],"verdict":"warn","waivable":true}
    ],
    "verdict": "warn"
  },
  "kind": "Snapshot",
  "topology": {
    "components": [],
    "edges": [
      {"class":"app","confidence":0.9,"evidence":[],"from":"cart","protocol":"http","rate":null,"state":"inferred","to":"pay"}
    ],
    "environment": "deploy",
    "findings": [],
    "nodes": [
      {"id":"cart","kind":"service","replicas":4,"services":[]},
      {"id":"pay","kind":"service","services":[]}
    ]
  }
}
`

test('a snapshot of the first version is read, and written again it is the same to the byte', () => {
  const snapshot = readSnapshot('decisions/x/snapshot.json', firstVersion)
  expect(snapshot.apiVersion).toBe(snapshotVersion)
  expect(snapshot.edits).toMatchObject([{ kind: 'set-replicas', replicas: 4 }])
  expect([snapshot.gate.verdict, snapshot.topology?.nodes.map(({ id }) => id)]).toEqual(['warn', ['cart', 'pay']])
  expect(formatSnapshot(snapshot)).toBe(firstVersion.replace('pilothouse.dev/v1alpha1', snapshotVersion))
})

test('what a later version added is kept out of the way, and a version to come is refused by its name', () => {
  expect(
    readSnapshot('s.json', firstVersion.replace('"kind": "Snapshot"', '"kind": "Snapshot",\n  "weather": "rain"')),
  ).toMatchObject({
    environment: 'deploy',
  })
  for (const version of ['pilothouse.dev/v9', 'toString', ''])
    expect(() => readSnapshot('s.json', firstVersion.replace('pilothouse.dev/v1alpha1', version))).toThrow(
      expect.objectContaining({ code: 'unsupported', params: { file: 's.json', version } }),
    )
  expect(() => readSnapshot('s.json', firstVersion.slice(0, 40))).toThrow(
    expect.objectContaining({ key: 'decision.brokenSnapshot' }),
  )
})
