import { expect, test } from 'vitest'
import { dependenciesInRecord } from './dependency-graph.ts'
import { formatRecord, type RecordContent } from './record.ts'

const container = 'Deployment/web spec.template.spec.containers[server]'
const change = (field: string, before: string, after: string) => ({ file: 'web.yaml', line: 1, field, before, after })

const content: RecordContent = {
  rationale: { title: 'rotate', why: 'Leaked.', kind: 'policy' },
  record: 'decisions/2026-11-20-rotate-00k2/',
  decisionId: '01KAGZ6Q0000000000000000K2',
  day: '2026-11-20',
  author: { name: 'Ada', email: 'ada@example.org' },
  environment: 'deploy',
  services: ['web'],
  gate: { verdict: 'pass', items: [] },
  recordedGate: 'pass',
  changes: [
    change(`${container}.env[DB_PASSWORD].value`, 'hunter2', 'hunter3'),
    change(`${container}.env[DB_URL].value`, 'postgres://web:hunter2@db/web', 'postgres://web:hunter3@db:5432/web'),
    change(`${container}.args`, '--db-password=hunter2', '--db-password=hunter3'),
    change('web.yaml', '  password: hunter2', '  password: hunter3'),
    change(`${container}.image`, 'example.org/api-token:1.0.0', 'example.org/api-token:1.1.0'),
    change(`${container}.env[MODE].value`, 'slow', 'fast'),
  ],
  picture: null,
}

test('the table of changes tells no credential, and everything else', () => {
  const record = formatRecord(content)
  expect(record).not.toMatch(/hunter/)
  expect(record).toContain('`postgres://***@db/web` | `postgres://***@db:5432/web`')
  expect(record).toContain('`slow` | `fast`')
  expect(dependenciesInRecord(record)).toEqual([{ name: 'example.org/api-token', from: '1.0.0', to: '1.1.0' }])
})
