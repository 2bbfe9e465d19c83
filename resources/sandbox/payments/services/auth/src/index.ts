import Fastify from 'fastify'
import { jwtVerify } from 'jose'
import pg from 'pg'

const users = new pg.Pool({
  host: process.env['DATABASE_HOST'],
  port: Number(process.env['DATABASE_PORT']),
  password: process.env['DATABASE_PASSWORD'],
})
const app = Fastify()

app.get('/healthz', () => ({ ok: true }))
app.post<{ Body: { token: string } }>('/v1/introspect', async request => {
  const { payload } = await jwtVerify(request.body.token, keyOf)
  const { rows } = await users.query('select id, shop from users where id = $1', [payload.sub])
  return { active: rows.length === 1, ...rows[0] }
})

await app.listen({ host: '::', port: 8080 })

async function keyOf(): Promise<Uint8Array> {
  const { rows } = await users.query('select key from signing_keys where retired is null')
  return rows[0].key
}
