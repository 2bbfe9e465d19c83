/** Going through the history: revert, compare, search. */
export const history = {
  'history.revert': 'Revert',
  'history.revertTitle': 'Revert “{{title}}”',
  'history.revertDescription': 'The inverse of its edits on the branch as it is now, as a draft. Its record stays.',
  'history.revertToDraft': 'Add to the draft',
  'history.revertRest': 'Add the rest to the draft',
  'history.revertEdits': 'What reverting changes',
  'history.revertedAlready': 'Nothing to do: its fields hold what they held before it.',
  'history.revertConflicts_one': '{{count}} field was changed since and stays',
  'history.revertConflicts_other': '{{count}} fields were changed since and stay',
  'history.revertField': 'Field',
  'history.revertMade': 'Decision',
  'history.revertBefore': 'Before',
  'history.revertToday': 'Today',
  'history.revertDrafted_one': '{{count}} edit is in the draft',
  'history.revertDrafted_other': '{{count}} edits are in the draft',
  'history.revertDraftedHint': 'Commit it to make the revert a decision that names what it takes back.',
} as const
