"""`hallway nginx-config`."""

from __future__ import annotations

from typing import Annotated

import typer

from server.cli_settings import ConfigFile, fail, settings_of


def nginx_config(
    host: Annotated[str, typer.Argument(help="The name that people's browsers use, such as office.example.org.")],
    certificate: Annotated[str | None, typer.Option(help="Certificate chain in PEM.")] = None,
    key: Annotated[str | None, typer.Option(help="Key file that goes with it.")] = None,
    server: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=HOST:PORT", help="A server and how nginx reaches it; repeat it for several."),
    ] = None,
    statefulset: Annotated[
        str | None, typer.Option(metavar="NAME.SERVICE.NAMESPACE", help="All pods of this StatefulSet instead.")
    ] = None,
    any_pod: Annotated[
        str, typer.Option(metavar="HOST", help="The service that leads to any pod that is ready.")
    ] = "hallway",
    resolver: Annotated[
        str, typer.Option(help="The DNS server that knows the pods.")
    ] = "kube-dns.kube-system.svc.cluster.local",
    inside: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NETWORK", help="Who ends TLS before nginx, if nginx has no certificate; may be repeated."
        ),
    ] = None,
    http_port: Annotated[int, typer.Option(min=1, max=65535, help="Port for HTTP.")] = 80,
    https_port: Annotated[int, typer.Option(min=1, max=65535, help="Port for HTTPS.")] = 443,
    config: ConfigFile = None,
) -> None:
    """Write the configuration of an nginx in front of one server or several."""
    settings = settings_of(config, data=None)
    from server.networks import parse_networks
    from server.ops.nginx import Front, Pods, nginx_config, parse_upstream

    if (certificate is None) != (key is None):
        fail("--certificate and --key go together", 2)
    if certificate and inside:
        fail("--inside is for an nginx without --certificate", 2)
    if server and statefulset:
        fail("--server and --statefulset exclude each other", 2)
    try:
        for network in inside or ():
            parse_networks(network)
        front = Front(host, certificate, key, http_port, https_port, inside or ())
        if statefulset:
            prefix, dot, domain = statefulset.partition(".")
            if not dot:
                raise ValueError("--statefulset is NAME.SERVICE.NAMESPACE, such as hallway.rooms.default")
            pods = Pods(prefix, f"{domain}.svc.cluster.local", any_pod, settings.port, resolver)
            made = nginx_config(settings, front, pods)
        else:
            given = server or [f"here=127.0.0.1:{settings.port}"]
            made = nginx_config(settings, front, [parse_upstream(text) for text in given])
    except ValueError as error:
        fail(str(error), 2)
    typer.echo(made, nl=False)
