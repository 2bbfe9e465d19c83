import type { DecisionDetail } from '../../../shared/decisions/contract.ts'
import { splitTrailers } from '../../../shared/decisions/trailers.ts'
import { useNavigation } from '../../connection/index.ts'
import { CopyCode, Table, TableBody, TableCell, TableRow, useFormat, useText } from '../../design/index.ts'
import styles from './decision-detail.module.css'

/** Ids, people and times, then every trailer of the commit as it stands there. */
export function DecisionFacts({ detail }: { detail: DecisionDetail }) {
  const text = useText()
  const format = useFormat()
  const setSelection = useNavigation(place => place.setSelection)
  const { summary } = detail
  const { trailers } = splitTrailers(detail.message)
  return (
    <div className={styles['facts']}>
      <Table label={text('page.decisionsFacts')} flush>
        <TableBody>
          <Fact name={text('page.decisionsCommit')}>
            <CopyCode value={summary.id} />
          </Fact>
          {summary.parents.map(parent => (
            <Fact key={parent} name={text('page.decisionsParent')}>
              <button
                type="button"
                className={styles['parent']}
                onClick={() => setSelection({ kind: 'decision', id: parent })}
              >
                {parent}
              </button>
            </Fact>
          ))}
          <Fact name={text('page.decisionsAuthor')}>
            {summary.author.name} &lt;{summary.author.email}&gt;
          </Fact>
          <Fact name={text('page.decisionsDate')}>{format.dateTime(summary.author.time * 1000)}</Fact>
          {detail.snapshot?.environment && (
            <Fact name={text('page.decisionsEnvironment')}>{detail.snapshot.environment}</Fact>
          )}
        </TableBody>
      </Table>
      {summary.dependencies.length > 0 && (
        <>
          <h3>{text('page.decisionsDependencies')}</h3>
          <Table label={text('page.decisionsDependencies')} flush>
            <TableBody>
              {summary.dependencies.map(each => (
                <Fact key={each.name} name={each.name}>
                  {each.from} → {each.to}
                </Fact>
              ))}
            </TableBody>
          </Table>
        </>
      )}
      <h3>{text('page.decisionsTrailers')}</h3>
      {trailers.length === 0 ? (
        <p className={styles['quiet']}>{text('page.decisionsNoTrailers')}</p>
      ) : (
        <Table label={text('page.decisionsTrailers')} flush>
          <TableBody>
            {trailers.map((trailer, position) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a trailer may stand twice
              <Fact key={`${trailer.key} ${position}`} name={trailer.key}>
                <CopyCode value={trailer.value} />
              </Fact>
            ))}
          </TableBody>
        </Table>
      )}
    </div>
  )
}

const Fact = ({ name, children }: { name: string; children: React.ReactNode }) => (
  <TableRow>
    <TableCell className={styles['factName'] ?? ''}>{name}</TableCell>
    <TableCell className={styles['factValue'] ?? ''}>{children}</TableCell>
  </TableRow>
)
