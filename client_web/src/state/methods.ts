import { useEffect, useState } from 'react'
import { sessionApi, type Methods } from '../net/api.ts'

/** What a server offers that cannot be asked. */
const USUAL: Methods = { password: true, registration: true, guests: true, oidc: null }

/** The ways to log in that this server offers; until it has answered, the usual ones. */
export function useMethods(): Methods {
  const [methods, setMethods] = useState(USUAL)
  useEffect(() => {
    let gone = false
    sessionApi.methods().then(
      (answer) => gone || setMethods(answer),
      () => undefined,
    )
    return () => {
      gone = true
    }
  }, [])
  return methods
}
