"""Texts that would do something on a page that takes them for markup; most of `client_web/src/chat/xss.fixture.ts`."""

CORPUS = (
    "<script>window.__xss=1</script>",
    '<img src=x onerror="window.__xss=1">',
    "<svg/onload=window.__xss=1>",
    '"><img src=x onerror=window.__xss=1>',
    "'><svg onload=window.__xss=1>",
    '<a href="javascript:window.__xss=1">click</a>',
    "javascript:window.__xss=1",
    "data:text/html,<script>window.__xss=1</script>",
    '<iframe srcdoc="<script>parent.__xss=1</script>"></iframe>',
    "<math><mtext><table><mglyph><style><img src=x onerror=window.__xss=1>",
    '{{constructor.constructor("window.__xss=1")()}}',
    "${window.__xss=1}",
    "&lt;script&gt;window.__xss=1&lt;/script&gt;",
    "<details open ontoggle=window.__xss=1>x</details>",
    'https://example.org/"onmouseover="window.__xss=1',
    "https://example.org/<script>window.__xss=1</script>",
    "[x](javascript:window.__xss=1)",
    "<style>*{display:none}</style>",
)
