# shellcheck shell=sh
# Sourced by the scripts: says and installs what they need, on Debian and its descendants.

packages=

# need <program> <package>: the program, from that package where it is missing.
need() {
  command -v "$1" >/dev/null 2>&1 || packages="$packages $2"
}

# Installs what is missing, as root or by sudo; otherwise says what to type and ends with 12.
install_needed() {
  [ -n "$packages" ] || return 0
  if ! command -v apt-get >/dev/null 2>&1; then
    echo "error: missing:$packages; install them as your system does (these are Debian's names)" >&2
    exit 12
  elif [ "$(id -u)" -eq 0 ]; then
    as_root=
  elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root=sudo
  elif command -v sudo >/dev/null 2>&1 && [ -t 0 ]; then
    as_root=sudo
  else
    echo "error: missing:$packages; install them as root: apt-get update && apt-get install -y$packages" >&2
    exit 12
  fi
  echo "Installing what is missing:$packages" >&2
  # shellcheck disable=SC2086 # the packages are words
  {
    $as_root apt-get update -qq &&
      DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $packages
  } >&2 || {
    echo "error: could not install:$packages" >&2
    exit 12
  }
  packages=
}

# What building needs. A Java runtime without a compiler does not do.
need_build() {
  if [ -z "${JAVA_HOME-}" ] || [ ! -x "$JAVA_HOME/bin/javac" ]; then
    need javac default-jdk-headless
  fi
  need mvn maven
}
