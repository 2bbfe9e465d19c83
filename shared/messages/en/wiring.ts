export const wiring = {
  // What an edit does, in one line.
  'wiring.setAddress': 'Lead {{field}} of {{object}} to {{to}} instead of {{host}}',
  'wiring.setField': 'Set {{field}} of {{object}}',
  'wiring.removeField': 'Remove {{field}} from {{object}}',
  'wiring.addItem': 'Add to {{field}} of {{object}}',
  'wiring.removeItem': 'Take out of {{field}} of {{object}}',
  'wiring.addObject': 'Add {{object}}',
  'wiring.addressGone': '{{host}} does not stand at {{path}} any more. Look at the file and make the change there.',
} as const
