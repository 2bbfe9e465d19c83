import { expect, test } from '../open-app.ts'
import { workbench } from '../pages/workbench.ts'
import { makeRepository } from '../world/git-repository.ts'

const workload = (name: string, namespace: string, calls: readonly string[]): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers:
        - name: ${name}
          image: example.org/${name}:1.0.0
          ports: [{ containerPort: 8080 }]
          env: [${calls.map(to => `{ name: ${to.toUpperCase()}_URL, value: 'http://${to}.${namespaceOf[to]}:8080' }`).join(', ')}]
---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  selector: { app: ${name} }
  ports: [{ port: 8080 }]
`
const namespaceOf: Readonly<Record<string, string>> = { web: 'shop', cart: 'shop', till: 'pay', ledger: 'pay' }
const calls: Readonly<Record<string, readonly string[]>> = { web: ['cart', 'till'], cart: ['ledger'], till: ['ledger'] }

test('services are gathered, opened in place, found in closed groups, and listed', async ({ home, openApp }) => {
  const files = Object.entries(namespaceOf).map(([name, namespace]) => [
    `deploy/${name}.yaml`,
    workload(name, namespace, calls[name] ?? []),
  ])
  const { page } = await openApp(makeRepository(home, 'shop', Object.fromEntries(files)))
  const bench = workbench(page)
  await expect(bench.node('web')).toBeVisible()

  await page.getByRole('button', { name: 'Group by: Not grouped' }).click()
  await page.getByRole('menuitemcheckbox', { name: /^Namespace/ }).click()
  const pay = page.locator('[data-node="namespace pay"]')
  await expect(pay).toContainText('2 services')
  await expect(bench.node('till')).toHaveCount(0)

  // The line between the groups stands for all between their services.
  await pay.click()
  await expect(bench.inspector.getByRole('heading', { name: 'pay', exact: true })).toBeVisible()
  await expect(bench.inspector.getByText('2 dependencies')).toBeVisible()

  // What is found in a closed group opens it, and nothing else moves.
  await page.keyboard.press('/')
  await page.keyboard.type('cart')
  await page.keyboard.press('Enter')
  await expect(bench.node('cart')).toBeFocused()
  await expect(bench.node('web')).toBeVisible()
  await expect(pay).toBeVisible()

  // A key closes the group of what has the focus, and opens it again.
  await page.keyboard.press('e')
  const shop = page.locator('[data-node="namespace shop"]')
  await expect(shop).toBeFocused()
  await page.keyboard.press('e')
  await expect(bench.node('web')).toBeVisible()

  // The table says the same and does the same.
  await page.getByRole('radio', { name: 'Table' }).click()
  const row = page.getByRole('row').filter({ hasText: 'pay' })
  await row.getByRole('button', { name: 'Open pay' }).click()
  await expect(row).toContainText('Open')
  await page.getByRole('radio', { name: 'Graph' }).click()
  await expect(bench.node('ledger')).toBeVisible()

  // The choice is kept for this environment.
  await page.reload()
  await expect(page.locator('[data-node="namespace shop"]')).toBeVisible()
})
