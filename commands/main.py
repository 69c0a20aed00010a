"""Entry point of `fut`: finds the sub-commands, and shows an error a user can mend as one line."""

import argparse
import errno
import importlib
import io
import pkgutil
import re
import sys
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import commands
import fut
from fut.errors import FutError, StoreError, UsageError, did_you_mean

STOPPED = 130
STOPPED_TEXT = "stopped; run the same command again, nothing is half done"
_INTERRUPTED = ("Query interrupted", "INTERRUPT Error")
"""What DuckDB says when Ctrl-C came while it reckoned."""
BUG = 1
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO)
"""What a disk says that is full, locked or broken, wherever the command writes."""


class _Parser(argparse.ArgumentParser):
    """Tells a wrong call as every other error is told: one line, with the nearest right name."""

    def error(self, message: str) -> NoReturn:
        """Raise UsageError."""
        if found := re.match(r"argument COMMAND: invalid choice: '(.*?)'", message):
            raise UsageError(f"no command '{found[1]}'{did_you_mean(found[1], sub_commands())}")
        raise UsageError(f"{self.prog.removeprefix('fut').strip() or 'call'}: {message}; see {self.prog} --help")

    @property
    def options(self) -> list[str]:
        """Return the names of the command's options."""
        return [name for action in self._actions for name in action.option_strings if name.startswith("--")]


def sub_commands() -> dict[str, ModuleType]:
    """Return every sub-command's module by its name: each module of the package that can `execute`."""
    names = [info.name for info in pkgutil.iter_modules(commands.__path__)]
    modules = {name: importlib.import_module(f"commands.{name}") for name in names if not name.startswith("_")}
    return {name: module for name, module in sorted(modules.items()) if hasattr(module, "execute")}


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with a sub-parser for each command, described by its module's docstring."""
    parser = _Parser(
        prog="fut", description="Find erroneous payments: a short ranked list each month, with its evidence."
    )
    parser.add_argument("--version", action="version", version=f"futvakt {fut.__version__}")
    commands_of = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for name, module in sub_commands().items():
        said = (module.__doc__ or "").strip()
        sub = commands_of.add_parser(name, help=said.splitlines()[0], description=said)
        module.add_arguments(sub)
        sub.set_defaults(execute=module.execute, options=sub.options)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command; returns its exit code (2 usage, 3 input, 4 configuration, 5 warehouse or disk)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        args, unknown = build_parser().parse_known_args(argv)
        if unknown:
            near = did_you_mean(unknown[0].partition("=")[0], args.options)
            raise UsageError(f"{args.command}: unknown argument '{unknown[0]}'{near}")
        return int(args.execute(args))
    except SystemExit as end:
        return int(end.code or 0)
    except FutError as error:
        return _fail(str(error), error.exit_code)
    except KeyboardInterrupt:
        return _fail(STOPPED_TEXT, STOPPED)
    except BrokenPipeError:
        sys.stdout = None  # whoever read the output has left; Python would complain when it flushes
        return 0
    except OSError as error:
        if error.errno not in _DISK:
            raise
        where = f"{Path(error.filename).name}: " if isinstance(error.filename, str) else ""
        return _fail(f"{where}cannot be read or written ({error.strerror})", StoreError.exit_code)
    except Exception as error:
        if str(error).startswith(_INTERRUPTED):
            return _fail(STOPPED_TEXT, STOPPED)
        if type(error).__module__.partition(".")[0] in ("duckdb", "_duckdb", "polars"):
            # its message may quote a row of the ledger
            return _fail(f"a query failed on the data ({type(error).__name__}); this is a fault in the program", BUG)
        raise


def _fail(said: str, code: int) -> int:
    print(f"fut: {said}", file=sys.stderr)
    return code
