import { t } from '../i18n/translate.ts'
import { Select } from '../ui/components/Select.tsx'

const LEAST = ['guest', 'member', 'moderator', 'admin', 'owner'] as const
export type LeastRole = (typeof LEAST)[number]

interface RoleFieldProps {
  label: string
  value: string
  onChange: (role: LeastRole) => void
}

/** The least role that may do something. */
export function RoleField({ label, value, onChange }: RoleFieldProps) {
  const chosen = LEAST.find((role) => role === value) ?? 'guest'
  return <Select label={label} value={chosen} options={LEAST.map((role) => ({ value: role, label: t(`objects.role.${role}`) }))} onChange={onChange} />
}
