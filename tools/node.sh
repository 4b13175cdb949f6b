# Sourced by the scripts that need Node: the one of .tools, where setup had to put one there, and the machine's
# certificates, which Node does not look at by itself: behind an inspecting proxy npm would refuse the registry.
if [[ -x .tools/node/bin/node ]]; then export PATH="$PWD/.tools/node/bin:$PATH"; fi
if [[ -r /etc/ssl/certs/ca-certificates.crt ]]; then export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}"; fi
