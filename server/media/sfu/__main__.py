"""See `server.media.sfu.worker`."""

from server.media.sfu.worker import main

main()
