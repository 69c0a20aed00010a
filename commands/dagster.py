"""Open Dagster: web interface and daemon on this machine, with the repository's own instance settings."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from commands._options import ROOT, add_settings, settings_path, whole
from fut.errors import ConfigError, StoreError
from fut.settings import load_settings

PORT = 3000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the command's options."""
    add_settings(parser)
    parser.add_argument(
        "--port", type=whole(1, 65535), default=PORT, help=f"port of the web interface (default: {PORT})"
    )


def execute(args: argparse.Namespace) -> int:
    """Start web interface and daemon and wait until they end; only this machine can reach them."""
    settings = settings_path(args)
    load_settings(settings)
    command = [sys.executable, "-m", "dagster", "dev", "-m", "pipelines.definitions", "-h", "127.0.0.1"]
    # started in the background a shell has it ignore the interrupt, and Dagster would then ignore every signal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen([*command, "-p", str(args.port)], cwd=ROOT, env=environment(settings))  # noqa: S603
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)


def environment(settings: Path) -> dict[str, str]:
    """Return the environment Dagster is started with; everything it writes goes under var/dagster."""
    if not (ROOT / "dagster.yaml").is_file():
        raise ConfigError("dagster.yaml: not found beside the code; fut dagster needs the repository")
    folder = ROOT / "var" / "dagster"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"var/dagster: cannot be written ({error.strerror})") from None
    return os.environ | {
        "DAGSTER_HOME": str(ROOT),
        "FUT_DAGSTER_DIR": str(folder),
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "FUT_SETTINGS": str(settings.resolve()),
        "PYTHONWARNINGS": "ignore:Function `dev_command` is superseded",
    }
