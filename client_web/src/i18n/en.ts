export const en = { 'people.count.one': '{count} person', 'people.count.other': '{count} people' } as const
