# packages.sh: the Debian packages that building and testing need, and how they are installed. Sourced by
# cli/quickstart and tests/run.

BUILD_PACKAGES="gcc libc6-dev cmake ninja-build pkg-config python3 libhyperscan-dev libarchive-dev libzstd-dev
libjansson-dev libpcre2-dev libisal-dev libssl-dev liblzma-dev libbz2-dev libsqlite3-dev libcurl4-openssl-dev libmicrohttpd-dev libnats-dev libcrypt-dev"

TEST_PACKAGES="libcriterion-dev clang libclang-rt-14-dev clang-format valgrind zstd xz-utils bzip2 zip p7zip-full cpio rpm
python3-jsonschema cmark-gfm groff-base zsh fish pre-commit debootstrap python3-yaml chromium poppler-utils fonts-dejavu-core skopeo umoci buildah golang-github-containers-common busybox-static git binutils universal-ctags isal dpkg-dev file clang-tidy
libacl1-dev liblz4-dev zlib1g-dev nettle-dev libxml2-dev libnghttp2-dev libidn2-dev librtmp-dev libssh2-1-dev libpsl-dev libkrb5-dev libldap-dev
libbrotli-dev docker-registry podman apache2-utils openssl nats-server python3-pip"

# Installs those of the named packages that are not there, and says which. Needs root or sudo only for that.
install_packages() {
    missing=""
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null) in
            ii*) ;;
            *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    as_root=""
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || {
            echo "silt needs these Debian packages, and neither root nor sudo is here to install them:$missing" >&2
            return 1
        }
        as_root=sudo
    fi
    echo "Installing Debian packages:$missing" >&2
    log=$(mktemp)
    if { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing ||
        { $as_root apt-get update &&
            $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $missing; }; } >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    tail -n 20 "$log" >&2
    rm -f "$log"
    echo "Installing the packages failed; the lines above say why." >&2
    return 1
}
