import { expect, test } from 'vitest'
import { manifestDetails } from './manifest-details.ts'

const text = `apiVersion: v1
kind: Service
metadata:
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: { app: web }
  annotations:
    note: "1"
spec:
  template:
    metadata:
      labels: { app: web, tier: front }
    spec:
      containers:
        - name: web
          image: web:1
          livenessProbe:
            httpGet: { path: /live, port: 80 }
            periodSeconds: 5
`

test('labels, annotations and probes of one object among several', () => {
  const details = manifestDetails('web.yaml', text, { file: 'web.yaml', kind: 'Deployment', name: 'web' })
  expect(details?.object).toEqual({ labels: { app: 'web' }, annotations: { note: '1' } })
  expect(details?.template.labels).toEqual({ app: 'web', tier: 'front' })
  expect(details?.probes.get('web')).toEqual([
    {
      name: 'livenessProbe',
      fields: [
        { path: ['httpGet', 'path'], value: '/live' },
        { path: ['httpGet', 'port'], value: '80' },
        { path: ['periodSeconds'], value: '5' },
      ],
    },
  ])
  expect(manifestDetails('web.yaml', text, { file: 'web.yaml', kind: 'Deployment', name: 'other' })).toBeNull()
})
