"""The files that people copy hold to their specifications, and name only what the program has."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml

from server.cli import app
from server.config import EXTRA_VARIABLES, load_settings, variable_of
from server.ops.nginx import Front, Pods, nginx_config
from server.settings import FIELDS, SECRET_FIELDS, URL_FIELDS
from tests.deploy.files import (
    DEPLOY,
    KUBERNETES,
    OFFICE,
    ROOT,
    compose,
    dockerfile,
    manifests,
    objects_of,
    variables,
)
from tests.deploy.nginx_process import NGINX, judged

KUBERNETES_VERSION = "1.32"
KNOWN = {variable_of(field) for field in FIELDS} | set(EXTRA_VARIABLES)
SPECIFICATION = json.loads((Path(__file__).parent / "compose-spec.json").read_text())
INSIDE = "10.0.0.0/8"
MOST_WORKERS = 8
"""Processes for which the compose file hands ports on."""


def settings_variables(environment: dict[str, Any]) -> dict[str, str]:
    ours = ("HALLWAY_", "DATABASE_URL", "REDIS_URL")
    return {name: str(value) for name, value in environment.items() if name.startswith(ours)}


# The compose file


def test_the_compose_file_is_one_by_its_specification() -> None:
    check = jsonschema.Draft7Validator(SPECIFICATION)
    assert [f"{list(error.path)}: {error.message}" for error in check.iter_errors(compose())] == []
    wrong = compose()
    wrong["services"]["hallway"]["helthcheck"] = {}
    assert list(check.iter_errors(wrong)), "the specification is not checked"


def test_compose_says_which_value_is_missing() -> None:
    for name in set(OFFICE) - {"HALLWAY_WORKERS"}:
        with pytest.raises(KeyError, match=name):
            compose(OFFICE | {name: ""})
    assert set(variables(DEPLOY / "example.env")) == set(OFFICE)


def test_what_the_services_of_compose_refer_to_is_there() -> None:
    found = compose()
    for name, service in found["services"].items():
        assert set(service.get("depends_on", {})) <= set(found["services"]), name
        for mount in service.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./"):
                made_by_the_operator = source == "./certificates"
                assert made_by_the_operator or (DEPLOY / source).exists(), f"{name}: {source}"
            else:
                assert source in found["volumes"], f"{name}: {source}"
        for waited, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in found["services"][waited]
    assert "${" not in json.dumps(found)


def test_compose_gives_the_server_settings_that_it_takes() -> None:
    services = compose()["services"]
    for name in ("hallway", "configure"):
        given = settings_variables(services[name]["environment"])
        assert set(given) <= KNOWN
        load_settings(given)
    settings = load_settings(settings_variables(services["hallway"]["environment"]))
    assert settings.database_url
    assert settings.redis_url
    assert settings.secret_key == OFFICE["HALLWAY_SECRET_KEY"]
    [subnet] = compose()["networks"]["inside"]["ipam"]["config"]
    assert settings.trusted_proxies == subnet["subnet"], "nginx is the proxy, and it is in this network"
    assert settings.udp_port is not None
    ranges = [f"{first}-{first + MOST_WORKERS - 1}" for first in (settings.sfu_port, settings.udp_port)]
    assert services["hallway"]["ports"] == [f"{ports}:{ports}/udp" for ports in ranges]
    assert settings.workers <= MOST_WORKERS
    assert f"http://127.0.0.1:{settings.port}/" in services["hallway"]["healthcheck"]["test"][-1]
    grace_s = int(services["hallway"]["stop_grace_period"].removesuffix("s"))
    assert settings.drain_s < grace_s, "the rooms are handed over before the end"
    named = f"--server {settings.server_name}=hallway:{settings.port}"
    assert named in services["configure"]["command"][-1], "nginx brings sockets to the server by this name"


def test_prometheus_asks_the_server_where_it_listens() -> None:
    [job] = yaml.safe_load((DEPLOY / "prometheus/prometheus.yaml").read_text())["scrape_configs"]
    settings = load_settings(settings_variables(compose()["services"]["hallway"]["environment"]))
    assert job["static_configs"] == [{"targets": [f"hallway:{settings.port}"]}]
    assert job["job_name"] == "hallway", "the alarms name it"


# The image


def test_the_image_is_made_of_what_is_there_and_runs_as_nobody_in_particular() -> None:
    instructions = dockerfile()
    kept = [line.lstrip("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    assert [name for name in kept if not (ROOT / name).exists()] == []
    assert {"client_web", "hatch_build.py", "pyproject.toml"} <= set(kept)
    last = [word for word, _ in instructions].index("USER")
    assert instructions[last] == ("USER", "10001:10001")
    environment = dict(part.split("=", 1) for word, rest in instructions if word == "ENV" for part in shlex.split(rest))
    settings = load_settings(settings_variables(environment))
    assert (settings.host, settings.port) == ("0.0.0.0", 8080)
    exposed = {word for instruction, rest in instructions if instruction == "EXPOSE" for word in rest.split()}
    assert exposed == {f"{settings.port}/tcp", f"{settings.sfu_port}/udp"}
    [command] = [json.loads(rest) for word, rest in instructions if word == "CMD"]
    assert command[0] == "hallway"
    assert command[1] in {found.name for found in app.registered_commands}


# Kubernetes


@pytest.mark.parametrize("name", [path.name for path in sorted(KUBERNETES.glob("*.yaml"))])
def test_every_manifest_is_applied_or_explained(name: str) -> None:
    found = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())
    assert name in [*found["resources"], "kustomization.yaml", "prometheus-adapter.yaml"]


def test_every_object_is_one_by_kubernetes_schemas() -> None:
    for name, found in manifests():
        try:
            kubernetes_validate.validate(found, KUBERNETES_VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            pytest.fail(f"{name}: {found['kind']} {found['metadata']['name']}: {error.message}")
    [stateful] = objects_of("StatefulSet")
    stateful["spec"]["template"]["spec"]["containers"][0]["livenessProbes"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(stateful, KUBERNETES_VERSION, strict=True)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl is not installed: kustomize is not run")
def test_kustomize_puts_the_objects_together(tmp_path: Path) -> None:
    shutil.copytree(KUBERNETES, tmp_path / "k")
    shutil.copy(KUBERNETES / "secrets.example.env", tmp_path / "k" / "secrets.env")
    built = subprocess.run(["kubectl", "kustomize", str(tmp_path / "k")], capture_output=True, text=True, timeout=60)
    assert built.returncode == 0, built.stderr
    made = list(yaml.safe_load_all(built.stdout))
    assert {found["kind"] for found in made} >= {"ConfigMap", "Secret", "StatefulSet", "HorizontalPodAutoscaler"}
    for found in made:
        kubernetes_validate.validate(found, KUBERNETES_VERSION, strict=True)
        assert found["kind"] == "Namespace" or found["metadata"]["namespace"] == "hallway"


def test_kubernetes_gives_the_servers_settings_that_they_take() -> None:
    plain, secret = variables(KUBERNETES / "settings.env"), variables(KUBERNETES / "secrets.example.env")
    [container] = objects_of("StatefulSet")[0]["spec"]["template"]["spec"]["containers"]
    own = {variable["name"]: variable.get("value", "") for variable in container["env"]}
    names = {*plain, *secret, *settings_variables(own)}
    assert names <= KNOWN
    fields = {field for field in FIELDS if variable_of(field) in secret}
    assert fields <= SECRET_FIELDS | URL_FIELDS | {"database_url"}
    assert not set(plain) & {variable_of(field) for field in SECRET_FIELDS}, "secrets are not settings"
    filled = {name: value or "s" * 40 for name, value in secret.items()}
    pod = {"$(NODE_ADDRESS)": "203.0.113.7", "$(HALLWAY_SERVER_NAME)": "hallway-0"}
    for reference, value in pod.items():
        own = {name: given.replace(reference, value) for name, given in own.items()}
    own["HALLWAY_SERVER_NAME"] = pod["$(HALLWAY_SERVER_NAME)"]
    settings = load_settings(plain | filled | settings_variables(own))
    assert re.fullmatch(r"http://hallway-0\.rooms:(\d+)", settings.peer_url or "")
    [stateful] = objects_of("StatefulSet")
    assert settings.drain_s < stateful["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert settings.trusted_proxies == INSIDE
    assert settings.workers == 1, "a node's UDP ports are for one process"
    ports = {port["name"]: (port["containerPort"], port["protocol"]) for port in container["ports"]}
    assert ports == {
        "http": (settings.port, "TCP"),
        "sfu": (settings.sfu_port, "UDP"),
        "game": (settings.udp_port, "UDP"),
    }
    [udp] = [found for found in objects_of("Service") if found["metadata"]["name"] == "udp"]
    assert {(port["name"], port["port"], port["nodePort"]) for port in udp["spec"]["ports"]} == {
        ("sfu", settings.sfu_port, settings.sfu_port),
        ("game", settings.udp_port, settings.udp_port),
    }
    mounted = {mount["mountPath"] for mount in container["volumeMounts"]}
    assert str(settings.data_dir) in mounted


def test_objects_of_kubernetes_find_each_other() -> None:
    pods = {
        found["metadata"]["name"]: found["spec"]["template"]
        for found in (*objects_of("StatefulSet"), *objects_of("Deployment"))
    }
    labels = [template["metadata"]["labels"].items() for template in pods.values()]
    ports = {
        port["name"]
        for template in pods.values()
        for container in template["spec"]["containers"]
        for port in container["ports"]
    }
    services = {found["metadata"]["name"]: found["spec"] for found in objects_of("Service")}
    for name, spec in services.items():
        assert any(spec["selector"].items() <= found for found in labels), name
        assert {port["targetPort"] for port in spec["ports"]} <= ports, name
    for budget in objects_of("PodDisruptionBudget"):
        assert any(budget["spec"]["selector"]["matchLabels"].items() <= found for found in labels)
    for scaler in objects_of("HorizontalPodAutoscaler"):
        assert scaler["spec"]["scaleTargetRef"]["name"] in pods
    [ingress] = objects_of("Ingress")
    [path] = ingress["spec"]["rules"][0]["http"]["paths"]
    backend = path["backend"]["service"]
    assert backend["port"]["name"] in {port["name"] for port in services[backend["name"]]["ports"]}
    for template in pods.values():
        spec, [container] = template["spec"], template["spec"]["containers"]
        assert spec["securityContext"]["runAsNonRoot"]
        assert container["securityContext"]["readOnlyRootFilesystem"]
        assert {"startupProbe", "livenessProbe", "readinessProbe"} <= set(container)
        assert not spec["enableServiceLinks"]


def test_the_autoscaler_looks_at_a_metric_that_the_adapter_makes() -> None:
    [rule] = yaml.safe_load((KUBERNETES / "prometheus-adapter.yaml").read_text())["rules"]["custom"]
    [scaler] = [found for found in objects_of("HorizontalPodAutoscaler") if found["metadata"]["name"] == "hallway"]
    [metric] = scaler["spec"]["metrics"]
    assert metric["pods"]["metric"]["name"] == rule["name"]["as"]


# nginx's files


def test_the_gateways_configuration_is_what_the_command_writes() -> None:
    settings = load_settings({"HALLWAY_PORT": variables(KUBERNETES / "settings.env")["HALLWAY_PORT"]})
    pods = Pods(
        "hallway",
        "rooms.hallway.svc.cluster.local",
        "hallway.hallway.svc.cluster.local",
        settings.port,
        "kube-dns.kube-system.svc.cluster.local",
    )
    made = nginx_config(settings, Front("_", http_port=8080, inside=[INSIDE]), pods)
    assert (KUBERNETES / "hallway.conf").read_text() == made
    [stateful] = objects_of("StatefulSet")
    assert (stateful["metadata"]["name"], stateful["spec"]["serviceName"]) == ("hallway", "rooms")


def test_both_deployments_have_the_same_main_file_of_nginx() -> None:
    assert (KUBERNETES / "nginx.conf").read_text() == (DEPLOY / "nginx/nginx.conf").read_text()


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed (apt-get install nginx-light)")
def test_nginx_takes_the_main_file_and_the_gateways(tmp_path: Path) -> None:
    config = (KUBERNETES / "hallway.conf").read_text()
    config = config.replace("kube-dns.kube-system.svc.cluster.local", "127.0.0.1")
    config = re.sub(r"server [a-z.]+svc\.cluster\.local", "server 127.0.0.1", config)
    assert judged(tmp_path, config) == ""
    main = (DEPLOY / "nginx/nginx.conf").read_text()
    for path, mine in (("/etc/nginx/conf.d/*.conf", "hallway.conf"), ("/run/nginx.pid", "pid")):
        main = main.replace(path, str(tmp_path / mine))
    main = main.replace("worker_rlimit_nofile 65536;", "")
    (tmp_path / "main.conf").write_text(main)
    command = [str(NGINX), "-t", "-q", "-e", "stderr", "-c", str(tmp_path / "main.conf")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done.stderr
