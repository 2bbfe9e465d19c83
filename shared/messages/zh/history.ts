/** Going through the history: revert, compare, search. */
export const history = {
  'history.revert': '撤回',
  'history.revertTitle': '撤回“{{title}}”',
  'history.revertDescription': '在当前分支上反向执行它的编辑，形成草稿。其记录保留。',
  'history.revertToDraft': '加入草稿',
  'history.revertRest': '将其余部分加入草稿',
  'history.revertEdits': '撤回会改动的内容',
  'history.revertedAlready': '无需操作：各字段已是该决策之前的值。',
  'history.revertConflicts_one': '有 {{count}} 个字段之后又被改过，将保持不变',
  'history.revertConflicts_other': '有 {{count}} 个字段之后又被改过，将保持不变',
  'history.revertField': '字段',
  'history.revertMade': '决策所设',
  'history.revertBefore': '之前',
  'history.revertToday': '现在',
  'history.revertDrafted_one': '草稿中加入了 {{count}} 处编辑',
  'history.revertDrafted_other': '草稿中加入了 {{count}} 处编辑',
  'history.revertDraftedHint': '提交后，撤回就成为指明其对象的决策。',
} as const
