# Sourced by the wrappers beside it. Makes .venv from uv.lock; needs uv, or any python3 with venv, and nothing else.
# Sets PYTHON; leaves the caller's directory in IMS_CWD, because a file name given by the user is relative to it.
set -eu
IMS_CWD=$PWD
export IMS_CWD
cd "$(dirname "$0")/.."

fail() { echo "$*" >&2; exit 1; }

pythons() { # newest first; a pyenv Python that no shim selects is invisible to uv
  for p in python3.14 python3.13 python3.12 python3 "$HOME"/.pyenv/versions/3.14*/bin/python3 \
    "$HOME"/.pyenv/versions/3.13*/bin/python3 "$HOME"/.pyenv/versions/3.12*/bin/python3; do
    command -v "$p" 2>/dev/null || :
  done
}

PYTHON=.venv/bin/python
wanted=$(cat uv.lock pyproject.toml | cksum)
if [ "$(cat .dev/synced 2>/dev/null)" != "$wanted" ] || ! "$PYTHON" -c 'import sys' 2>/dev/null; then
  mkdir -p .dev 2>/dev/null && [ -w .dev ] || fail "Cannot write to $PWD/.dev: use a checkout of your own."
  log=.dev/uv.log
  : >"$log"
  if ! command -v uv >/dev/null 2>&1; then
    if [ ! -x .dev/uv/bin/uv ]; then
      made=
      for p in $(pythons); do
        if "$p" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 8))' >/dev/null 2>&1; then made=$p; break; fi
      done
      [ -n "$made" ] || fail "Needs Python 3 with the venv module (Debian, Ubuntu: apt install python3-venv), or uv on the PATH."
      echo "installing uv" >&2
      rm -rf .dev/uv
      { "$made" -m venv .dev/uv && .dev/uv/bin/python -m pip install -q --disable-pip-version-check uv==0.13.9; } >>"$log" 2>&1 ||
        { rm -rf .dev/uv; fail "Could not install uv from PyPI. Is there a network? Details: $PWD/$log"; }
    fi
    PATH=$PATH:$PWD/.dev/uv/bin # last: its directory holds a Python as well
    export PATH
  fi
  if [ -z "${UV_PYTHON:-}" ]; then
    # What is there is kept: uv would replace a whole environment, perhaps one in use, for the sake of another Python.
    for p in "$PWD/$PYTHON" $(pythons); do
      if "$p" -c 'import sys; sys.exit(not (3, 12) <= sys.version_info < (3, 15))' >/dev/null 2>&1; then UV_PYTHON=$p; break; fi
    done
    UV_PYTHON=${UV_PYTHON:-3.13} # none found: uv fetches this one (unpinned it would take the very newest)
    export UV_PYTHON
  fi
  echo "installing the Python packages of uv.lock (Python: $UV_PYTHON)" >&2
  # --inexact: leaves alone what a developer added, such as the docs group
  if ! uv sync --frozen --inexact --quiet >>"$log" 2>&1; then
    if [ "$UV_PYTHON" = 3.13 ] && grep -qi 'python.*\(download\|interpreter\|install\)' "$log"; then
      fail "Needs Python 3.12 or newer: none is here, and uv could not download one. Install it, or connect to the network. Details: $PWD/$log"
    fi
    fail "Could not install the Python packages from PyPI. Is there a network? Details: $PWD/$log"
  fi
  echo "$wanted" >.dev/synced
elif [ -x .dev/uv/bin/uv ]; then
  PATH=$PATH:$PWD/.dev/uv/bin # last: its directory holds a Python as well
  export PATH
fi

export PYTHONPATH="$PWD/dev"
