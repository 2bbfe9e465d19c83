import { expect, test } from 'vitest'
import { addressOf, type Place, placeOf } from './navigation.ts'

const workspace = '0123456789abcdef'
const places: readonly Place[] = [
  { workspace: null, environment: null, revision: null, screen: 'topology', selection: null, compared: null },
  { workspace, environment: '.', revision: null, screen: 'settings', selection: null, compared: null },
  {
    workspace,
    environment: 'deploy/a b&c=d?e#f/生产',
    revision: 'feature/x~2^1',
    screen: 'decisions',
    selection: { kind: 'decision', id: 'a'.repeat(40) },
    compared: null,
  },
  {
    workspace,
    environment: 'e',
    revision: null,
    screen: 'topology',
    selection: { kind: 'node', id: 'shop/cart%20' },
    compared: { a: 'v1&b=2:deploy/生产', b: 'draft' },
  },
  {
    workspace,
    environment: 'e',
    revision: 'v1',
    screen: 'topology',
    selection: { kind: 'edge', from: 'a+b', to: 'db.example.org:5432', protocol: 'postgresql' },
    compared: null,
  },
]

test.each(places)('a place survives its address: %j', place => expect(placeOf(addressOf(place))).toEqual(place))

test.each(['', '#', '#/', '#/../../etc/topology', '#/zz/nonsense?from=a', '#/<script>/topology?revision'])(
  'an address that means nothing is the start: %s',
  address => {
    const { workspace, screen, environment, selection } = placeOf(address)
    expect({ workspace, screen, environment, selection }).toEqual({
      workspace: null,
      screen: 'topology',
      environment: null,
      selection: null,
    })
  },
)
