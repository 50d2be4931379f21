#!/usr/bin/env bash
# Builds the image of operator and HTTP API without a container engine, once for the same sources, and prints the folder that has it:
# image.tar (docker load, ctr images import, skopeo copy docker-archive:...), its name in `name`, and sbom.json.
#   BASE_IMAGE  what the image stands on: any image with glibc, such as debian:bookworm-slim or a distroless one.
#               Without it, a minimal one is made here from Debian's packages: no registry is asked.
#   IMAGE       the image's name (localhost/agentservice/operator:<hash of the sources>)
#   AOT_CACHES  a folder with /app/operator.aot and /app/api.aot, recorded of these very jars: nothing is recorded anew, and
#               the image is the same to the byte
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."

readonly cache=${AGENTSERVICE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/agentservice}
readonly base_packages=libc6,libgcc-s1,zlib1g
JAVA_HOME=$(./tools/find-jdk.sh)
export JAVA_HOME MAVEN_OPTS=--sun-misc-unsafe-memory-access=allow KUBE_API_TEST_DIR=$cache/jenvtest

say() { echo "image: $*" >&2; }
digest() { sha256sum | cut -c -12; }

# What goes in, by content: the sources, how they are built, the JDK, and what the caller asks for.
sources_digest() {
  {
    find pom.xml {crds,operator,api}/{pom.xml,src/main} operator/src/test/java/dev/agentservice/operator/apiserver \
      api/src/test/java/dev/agentservice/api/{AotTrainingRun,Http,Kubernetes,Tenant}.java image/{pom.xml,image.sh,operator.options} cluster/image -type f -print0 | sort -z | xargs -0 sha256sum
    cat "$JAVA_HOME/release"
    echo "${BASE_IMAGE:-} ${IMAGE:-}"
    [[ -z ${AOT_CACHES:-} ]] || cat "$AOT_CACHES"/{operator,api}.aot | sha256sum
  } | digest
}

# The C library and nothing else, with its copyright notices; a user, for programs that ask for its name; names of hosts are
# looked for in /etc/hosts first, which a pod has.
debian_base() {
  local suite work base
  suite=$(. /etc/os-release; echo "${VERSION_CODENAME:-stable}")
  base=$cache/image-base-$(echo "$suite $base_packages" | cat - image/image.sh | digest).tar
  if [[ ! -f $base ]]; then
    say "making a base from Debian's packages $base_packages ($suite)"
    command -v mmdebstrap >/dev/null || {
      apt-get update -qq
      DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends mmdebstrap >/dev/null
    }
    work=$(mktemp -d)
    SOURCE_DATE_EPOCH=1 mmdebstrap --quiet --variant=extract --include="$base_packages" \
      --dpkgopt='path-exclude=/usr/share/*' --dpkgopt='path-include=/usr/share/doc/*/copyright' \
      --dpkgopt='path-exclude=/usr/lib/*/gconv/*' "$suite" "$work/root.tar"
    mkdir "$work/root"
    tar -xf "$work/root.tar" -C "$work/root" ./lib ./lib64 ./usr
    mkdir "$work/etc" "$work/tmp"
    echo 'nonroot:x:65532:65532::/:/sbin/nologin' >"$work/etc/passwd"
    echo 'hosts: files dns' >"$work/etc/nsswitch.conf"
    ./cluster/cluster image "$work/base.tar" localhost/agentservice/base:1 --entrypoint '["/none"]' \
      "$work/root/lib=/lib" "$work/root/lib64=/lib64" "$work/root/usr=/usr" "$work/etc=/etc" "$work/tmp=/tmp"
    mv "$work/base.tar" "$base"
    rm -rf "$work"
  fi
  echo "$base"
}

build() {
  local folder=$1 name=$2 base=${BASE_IMAGE:-} arguments=()
  [[ -n $base ]] || base=tar://$(debian_base)
  [[ -z ${AOT_CACHES:-} ]] || arguments=(-Dimage.aot.given=true "-Dimage.aot=$(realpath "$AOT_CACHES")")
  ./tools/need-maven.sh >&2
  ./cluster/cluster build >/dev/null # the API server that the training run works against
  rm -rf image/target {operator,api}/target/lib # jars of an earlier build would be taken along
  say "building $name on ${base##*/}; recording its AOT caches takes two minutes"
  mvn -B -ntp -q verify -Pimage -pl image -am -DskipTests -Dspotless.check.skip \
    "-Dimage.base=$base" "-Dimage.name=$name" "${arguments[@]}" >&2
  local unfinished
  unfinished=$(mktemp -d "$cache/image-XXXXXX")
  cp image/target/image/{image.tar,sbom.json} "$unfinished"
  echo "$name" >"$unfinished/name"
  chmod 755 "$unfinished"
  mv -T "$unfinished" "$folder"
}

keep_the_newest() {
  find "$cache" -maxdepth 1 -name 'operator-image-*' -printf '%T@ %p\n' | sort -rn | awk 'NR > 6 { print $2 }' | xargs -r rm -rf
}

key=$(sources_digest)
folder=$cache/operator-image-$key
mkdir -p "$cache"
if [[ ! -d $folder ]]; then
  exec 9>"$cache/operator-image.lock"
  flock 9 # one build at a time: the next one finds it made
  [[ -d $folder ]] || build "$folder" "${IMAGE:-localhost/agentservice/operator:$key}" 9>&-
fi
touch "$folder"
keep_the_newest
echo "$folder"
