# The server, the browser client in it, and nothing to build with. What runs it: deploy/compose.yaml, deploy/kubernetes/.
#
#   docker build -t hallway .
#   docker run -p 127.0.0.1:8080:8080 -p 7880:7880/udp -v hallway:/var/lib/hallway --read-only --tmpfs /tmp hallway

FROM node:24-bookworm-slim AS client
WORKDIR /source
COPY client_web client_web
RUN cd client_web && npm ci --no-audit --no-fund && npm run build

FROM python:3.11-slim-bookworm AS wheel
WORKDIR /source
# The compiler makes the compiled passes of the tick; the image that runs them has none.
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir "hatchling>=1.27,<2"
COPY . .
COPY --from=client /source/client_web/dist client_web/dist
# The build is the one of these very sources: say so, so that the wheel does not build it again.
RUN python -c "from pathlib import Path; from hatch_build import STAMP, ClientBuild; c = ClientBuild(Path('client_web')); (c.dist / STAMP).write_text(c.source_hash())" \
    && python -m hatchling build -t wheel -d /wheel

FROM python:3.11-slim-bookworm
RUN --mount=from=wheel,source=/wheel,target=/wheel \
    pip install --no-cache-dir --no-compile /wheel/*.whl \
    && groupadd --gid 10001 hallway \
    && useradd --uid 10001 --gid hallway --no-create-home --home-dir /var/lib/hallway --shell /usr/sbin/nologin hallway \
    && install -d -o hallway -g hallway -m 0700 /var/lib/hallway \
    && install -d -o hallway -g hallway -m 0755 /etc/hallway /etc/hallway/nginx /etc/hallway/coturn
ENV HALLWAY_HOST=0.0.0.0 \
    HALLWAY_PORT=8080 \
    HALLWAY_DATA=/var/lib/hallway \
    HALLWAY_LOG_FORMAT=json \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /var/lib/hallway
EXPOSE 8080/tcp 7880/udp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/api/health/ready', timeout=4)"]
CMD ["hallway", "serve"]
