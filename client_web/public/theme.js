// Sets the theme before the first paint. A file of its own, so that a strict content policy can forbid inline scripts.
;(function () {
  var choice = null
  try {
    choice = JSON.parse(localStorage.getItem('hallway.settings') || '{}').theme
  } catch {
    // Storage is blocked or damaged: follow the system.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
