import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workbench } from '../pages/workbench.ts'
import { git, makeRepository, smallShop } from '../world/git-repository.ts'
import { goProgram, makeShopOfPrograms } from '../world/go-programs.ts'
import { isolatedHome } from '../world/isolated-home.ts'
import type { Camera } from './camera.ts'

const rule = (least: number): string =>
  `rules:\n  - id: replicas\n    severity: block\n    expression: after.services.all(s, s.replicas >= ${least})\n`

/** Two points of a branch, in every part. */
export async function comparing({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  const directory = makeRepository(home, 'shop', {
    ...smallShop,
    ...goProgram('src/checkout', 'v1.60.0', 'v0.20.0'),
    '.pilothouse/rules/team.yaml': rule(1),
  })
  git(home, directory, 'tag', 'v1')
  const change = (file: string, from: RegExp, to: string, title: string) => {
    const path = join(directory, file)
    writeFileSync(path, readFileSync(path, 'utf8').replace(from, to))
    git(home, directory, 'commit', '-q', '-am', `DECISION: ${title}`)
  }
  change('deploy/cart.yaml', /replicas: \d+/, 'replicas: 7', 'seven carts')
  change('deploy/checkout.yaml', /image: \S+/, 'image: example.org/checkout:9.0.0', 'checkout nine')
  change('.pilothouse/rules/team.yaml', />= 1/, '>= 3', 'three of each from now on')
  for (const [path, text] of Object.entries(goProgram('src/checkout', 'v1.70.0', 'v0.35.0')))
    writeFileSync(join(directory, path), text)
  git(home, directory, 'commit', '-q', '-am', 'checkout takes the new client')
  rmSync(join(directory, 'deploy/front.yaml'))
  git(home, directory, 'commit', '-q', '-am', 'DECISION: no front any more')
  await withApp(['serve', directory], home, async page => {
    const bench = workbench(page)
    await bench.pick('Revision', 'v1')
    await page.getByRole('region', { name: 'Time travel' }).getByRole('button', { name: 'Compare with now' }).click()
    const compare = page.getByRole('region', { name: 'Compare', exact: true })
    await compare.getByRole('slider').waitFor()
    await shoot(page, '40-compare-topology')
    await compare.getByRole('radio', { name: 'Table' }).click()
    await shoot(page, '41-compare-table')
    await compare.getByRole('tab', { name: 'Manifests' }).click()
    await compare.getByRole('listbox').focus()
    await page.keyboard.press('ArrowDown')
    await shoot(page, '42-compare-manifests')
    await compare.getByRole('option', { name: /Deployment checkout/ }).click()
    await compare.getByRole('radio', { name: 'Text' }).click()
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor()
    await shoot(page, '43-compare-text')
    await compare.getByRole('tab', { name: 'Dependencies' }).click()
    await compare.getByRole('treeitem').first().waitFor()
    await shoot(page, '44-compare-dependencies')
    await compare.getByRole('tab', { name: 'Rules and verdicts' }).click()
    await compare.getByRole('region', { name: 'What the gate says' }).waitFor()
    await shoot(page, '45-compare-rules')
    await compare.getByRole('button', { name: /^To point B/ }).click()
    await page.getByRole('option').nth(3).waitFor()
    await shoot(page, '46-compare-points')
    await page.keyboard.type('nowhere')
    await page.getByRole('option', { name: 'Compare “nowhere”' }).click()
    await compare.getByRole('alert').waitFor()
    await shoot(page, '47-compare-failed')
  })
}

/** Libraries across services, and what an update drags in. */
export async function dependencies({ withApp, shoot }: Camera): Promise<void> {
  using home = isolatedHome()
  const directory = makeShopOfPrograms(home)
  await withApp(['serve', directory], home, async page => {
    const bench = workbench(page)
    await bench.go('Dependencies')
    await page.getByRole('listbox', { name: 'Libraries' }).focus()
    await page.keyboard.press('Home')
    await page.getByRole('table').waitFor()
    await shoot(page, '50-dependencies')
    await page.getByRole('radio', { name: 'Services' }).click()
    await page.getByRole('row', { name: /^cart/ }).click()
    await shoot(page, '51-dependencies-services')
    await page.getByRole('radio', { name: 'Compare' }).click()
    await page.getByRole('tree').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await shoot(page, '52-dependencies-compare')
  })
}
