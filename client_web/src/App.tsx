/** The whole client. */
export function App() {
  return <h1 className="p-8 text-3xl">Hallway</h1>
}
