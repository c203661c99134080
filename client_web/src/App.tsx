import { ErrorBoundary } from './ui/components/ErrorBoundary.tsx'
import { AuthProvider } from './ui/AuthProvider.tsx'
import { Router } from './ui/Router.tsx'

/** The whole client: who is here, then which page. */
export function App() {
  return (
    <ErrorBoundary>
      <AuthProvider>
        <Router />
      </AuthProvider>
    </ErrorBoundary>
  )
}
