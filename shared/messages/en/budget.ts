export const budget = {
  'budget.title': 'Error budget',
  'budget.left': 'Error budget left',
  'budget.leftOf':
    '{{share}} of the budget of 30 days is left: {{failed}} of the requests failed, and {{target}}% must be answered.',
  'budget.overdrawn':
    'Overdrawn by {{share}} of the budget of 30 days: {{failed}} of the requests failed, and {{target}}% must be answered.',
  'budget.broken': 'Broken for ten minutes or more: {{figures}}. Until it clears, the gate holds growth back.',
  'budget.page':
    'It is being spent {{burn}} times too fast, over {{long}} and still over {{short}} minutes. Until it clears, the gate holds growth back.',
  'budget.ticket': 'It is being spent {{burn}} times too fast, over {{long}} and still over {{short}} minutes.',
  'budget.kept': 'What it promises is kept.',
} as const
