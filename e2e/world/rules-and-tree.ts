/** A rule that blocks a service with one replica, and one that warns. */
export const rulesOfTeam = `rules:
  - id: two-replicas
    severity: block
    expression: after.services.all(s, s.kind != "service" || s.replicas >= 2)
    message: One replica is too few.
  - id: few-at-once
    severity: warn
    expression: change.services.size() < 5
`

/** Two questions, two ends. */
export const deployTree = `kind: DecisionTree
name: deploy
nodes:
  - id: late # asked first
    question: Is it late?
    dimension: time
    expression: load.hour > 18
    branches: { "true": wait, "false": green }
  - { id: green, question: Is it green?, dimension: tests, expression: tests.green, branches: { "true": go, "false": wait } }
outcomes:
  - { id: go, title: Go, kind: decision, recommendations: [] }
  - { id: wait, title: Wait, recommendations: [] }
`
