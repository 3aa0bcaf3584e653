#!/usr/bin/env python3
"""Images that other tools made, or passed on: the same secrets in whatever form.

skopeo copies an image of ours into each form it knows, umoci adds a layer, buildah builds from a Dockerfile; indexes for
several platforms and BuildKit's provenance are laid out by hand. Findings are compared as sets of signature, path,
state and layer. A case whose tool does not run here is skipped.
usage: real_test.py [CASE ...]      runs the named cases, or all; exit code 77: none could run
"""
import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import traceback

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_image  # noqa: E402

SILT = os.environ["SILT_COMMAND"]
HERE = pathlib.Path(__file__).parent
TOKENS = ["glpat-" + tail for tail in ("Xk4mVq8rTz2LbNw7YcHd", "Hc7pWn3kYr9DfVt5JbQx", "Pq3zRt8vLm6KxWc2NbYd")]
RECIPE = (HERE / "good-timeline.recipe").read_text(encoding="utf-8")
OTHER = f"image other:2\ncopy . /\nfile srv/other.conf\n  | token {TOKENS[2]}\n"


class Skipped(Exception):
    """The tool of this case is not here, or does not run here."""


def tool(*command, **more):
    """Runs a tool; its failure is this test's."""
    if shutil.which(command[0]) is None:
        raise Skipped(f"{command[0]} is not installed")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, text=True, **more)
    assert done.returncode == 0, f"{' '.join(map(str, command))}: {done.stdout}"
    return done.stdout


def skopeo(folder, source, target, *options):
    environment = dict(os.environ, HOME=folder, TMPDIR=folder, XDG_RUNTIME_DIR=folder)
    policy = os.path.join(folder, "policy.json")
    pathlib.Path(policy).write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    tool("skopeo", "copy", "-q", f"--policy={policy}", *options, source, target, env=environment)


def scan(target, *options, stdin=None, is_whole=True):
    """The report of each image of a target; unless is_whole is false, each is complete."""
    done = subprocess.run([SILT, "scan", "--format", "json", "--no-cache", "--no-progress", *options, target], stdin=stdin,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=120)
    assert done.returncode in (0, 1), f"{target}: exit code {done.returncode}: {done.stderr.decode()} {done.stdout[-2000:]}"
    report = json.loads(done.stdout)
    for row in report["targets"]:
        assert row["complete"] or not is_whole, (target, row["coverage"], row["errors"])
    return report["targets"]


def rows(target):
    found = target["findings"]
    return {(finding["signature"], "!".join([*finding["chain"], finding["path"]]), finding["state"],
             (finding["layer"] or {}).get("index")) for finding in found}


def one(target, *options, stdin=None):
    images = scan(target, *options, stdin=stdin)
    assert len(images) == 1, f"{target}: {len(images)} images"
    return rows(images[0])


def layout(folder, text=RECIPE, name="oci", **changes):
    image = make_image.build(text)
    image.layout = "oci"
    for key, value in changes.items():
        setattr(image, key, value)
    out = os.path.join(folder, name)
    make_image.write_image(image, out)
    return out, image.reference.rpartition(":")[2]


def expect_same(expected, found, what):
    assert found == expected, f"{what}: lost {sorted(expected - found, key=str)}, new {sorted(found - expected, key=str)}"


def case_skopeo_forms(folder):
    """docker-archive, oci-archive, OCI layouts with gzip, zstd and zstd:chunked layers."""
    out, tag = layout(folder)
    expected = one(f"oci:{out}")
    assert len(expected) >= 5, expected
    source = f"oci:{out}:{tag}"
    skopeo(folder, source, f"docker-archive:{folder}/docker.tar:localhost/timeline:1")
    skopeo(folder, source, f"oci-archive:{folder}/oci.tar:1")
    skopeo(folder, source, f"oci:{folder}/zstd:1", "--dest-compress", "--dest-compress-format", "zstd")
    skopeo(folder, source, f"oci-archive:{folder}/zstd.tar:1", "--dest-compress", "--dest-compress-format", "zstd")
    skopeo(folder, source, f"oci:{folder}/chunked:1", "--dest-compress", "--dest-compress-format", "zstd:chunked")
    for target in [f"{folder}/docker.tar", f"docker-archive:{folder}/docker.tar", f"{folder}/oci.tar", f"oci-archive:{folder}/oci.tar",
                   f"{folder}/zstd", f"oci:{folder}/zstd:1", f"{folder}/zstd.tar"]:
        expect_same(expected, one(target), target)
    # skopeo 1.9.3 leaves the zeros at the end of each tar out of zstd:chunked layers: the diff_ids are wrong, and said to be
    chunked = scan(f"oci:{folder}/chunked", is_whole=False)[0]
    expect_same(expected, rows(chunked), "zstd:chunked")
    assert all("diff_id" in error["message"] for error in chunked["errors"]), chunked["errors"]
    manifest = json.load(open(f"{folder}/zstd/index.json"))["manifests"][0]["digest"][7:]
    assert "zstd" in open(f"{folder}/zstd/blobs/sha256/{manifest}").read(), "skopeo did not compress with zstd"


def case_skopeo_docker_archive_of_two(folder):
    """Two images that skopeo put into one docker-archive, selected by reference."""
    first, first_tag = layout(folder, name="first")
    second, second_tag = layout(folder, OTHER, name="second")
    archive = f"{folder}/two.tar"
    skopeo(folder, f"oci:{first}:{first_tag}", f"docker-archive:{folder}/one.tar:localhost/timeline:1")
    skopeo(folder, f"oci:{second}:{second_tag}", f"docker-archive:{folder}/other.tar:localhost/other:2")
    merge(archive, f"{folder}/one.tar", f"{folder}/other.tar")
    expected = [one(f"{folder}/one.tar"), one(f"{folder}/other.tar")]
    found = [rows(image) for image in scan(archive)]
    assert sorted(found, key=len) == sorted(expected, key=len), found
    expect_same(expected[1], one(f"docker-archive:{archive}:localhost/other:2"), "one of two")
    with open(archive, "rb") as stream:
        found = [rows(image) for image in scan("-", stdin=stream)]
    assert sorted(found, key=len) == sorted(expected, key=len), found


def merge(out, *archives):
    """What `docker save A B` writes: all blobs once, one manifest.json for both."""
    manifests, seen = [], set()
    with tarfile.open(out, "w", format=tarfile.USTAR_FORMAT) as merged:
        for archive in archives:
            with tarfile.open(archive) as part:
                for member in part:
                    if member.name == "manifest.json":
                        manifests += json.load(part.extractfile(member))
                    elif member.name not in seen and member.name != "repositories":
                        seen.add(member.name)
                        merged.addfile(member, part.extractfile(member) if member.isreg() else None)
        make_image.write_tar({"manifest.json": make_image.dump(manifests)}, out + ".json")
        with tarfile.open(out + ".json") as part:
            member = part.getmembers()[0]
            merged.addfile(member, part.extractfile(member))


def case_docker25(folder):
    """The shape that `docker save` of engine 25 and later writes: blobs, index.json, manifest.json, sorted."""
    out, _ = layout(folder, compression="none")
    expected = one(f"oci:{out}")
    index = json.load(open(f"{out}/index.json"))
    path = lambda digest: "blobs/sha256/" + digest[7:]
    manifest = json.load(open(f"{out}/{path(index['manifests'][0]['digest'])}"))
    with open(f"{out}/manifest.json", "wb") as file:
        file.write(make_image.dump([{"Config": path(manifest["config"]["digest"]), "RepoTags": ["timeline:1"],
                                     "Layers": [path(layer["digest"]) for layer in manifest["layers"]]}]))
    with tarfile.open(f"{folder}/docker25.tar", "w") as archive:
        for name in ("blobs", "index.json", "manifest.json", "oci-layout"):
            archive.add(f"{out}/{name}", name)
    for target in (f"{folder}/docker25.tar", f"docker-archive:{folder}/docker25.tar", f"oci-archive:{folder}/docker25.tar"):
        expect_same(expected, one(target), target)
    with open(f"{folder}/docker25.tar", "rb") as stream:
        expect_same(expected, one("-", stdin=stream), "docker25 on standard input")


def case_standard_input(folder):
    """docker-archive, the same gzipped, and oci-archive, by a pipe."""
    out, tag = layout(folder)
    skopeo(folder, f"oci:{out}:{tag}", f"docker-archive:{folder}/docker.tar:localhost/timeline:1")
    skopeo(folder, f"oci:{out}:{tag}", f"oci-archive:{folder}/oci.tar:1")
    with open(f"{folder}/docker.tar", "rb") as file, gzip.open(f"{folder}/docker.tar.gz", "wb") as packed:
        shutil.copyfileobj(file, packed)
    expected = one(f"{folder}/docker.tar")
    for name in ("docker.tar", "docker.tar.gz", "oci.tar"):
        cat = subprocess.Popen(["cat", f"{folder}/{name}"], stdout=subprocess.PIPE)
        with cat.stdout as pipe:
            expect_same(expected, one("-", stdin=pipe), f"{name} on standard input")
        assert cat.wait() == 0, name
    expect_same(expected, one(f"{folder}/docker.tar.gz"), "docker.tar.gz as a file")


def case_umoci_layer(folder):
    """umoci repacks an edited bundle: one more layer, that deletes a file, changes one and adds one."""
    out, tag = layout(folder)
    before = one(f"oci:{out}:{tag}")
    bundle = f"{folder}/bundle"
    rootless = [] if os.geteuid() == 0 else ["--rootless"]
    tool("umoci", "unpack", *rootless, "--image", f"{out}:{tag}", bundle)
    os.unlink(f"{bundle}/rootfs/app/config.yml")
    pathlib.Path(f"{bundle}/rootfs/app/new.conf").write_text(f"token: {TOKENS[2]}\n")
    tool("umoci", "repack", "--image", f"{out}:next", bundle)
    after = one(f"oci:{out}:next")
    added = {(signature, path, state, layer) for signature, path, state, layer in after if path == "app/new.conf"}
    assert [(state, layer) for _, _, state, layer in added] == [("present", 4)], after
    gone = {row[:2] + ("deleted",) + row[3:] if row[1] == "app/config.yml" and row[2] == "present" else row for row in before}
    expect_same(gone, after - added, "the image that umoci repacked")
    expect_same(before, one(f"oci:{out}:{tag}"), "the image before")


DOCKERFILE = f"""FROM scratch
COPY rootfs /
ARG DEPLOY_TOKEN
ENV API_TOKEN={TOKENS[1]}
LABEL maintainer.token={TOKENS[2]}
RUN echo token={TOKENS[0]} > /made-by-run.conf
RUN rm /made-by-run.conf
CMD ["/bin/sh"]
"""


def buildah(folder, *command):
    environment = dict(os.environ, HOME=folder, TMPDIR=folder, XDG_RUNTIME_DIR=folder, BUILDAH_ISOLATION="chroot",
                       STORAGE_DRIVER="vfs", CONTAINERS_STORAGE_CONF=f"{folder}/storage.conf")
    pathlib.Path(f"{folder}/storage.conf").write_text(
        f'[storage]\ndriver = "vfs"\ngraphroot = "{folder}/storage"\nrunroot = "{folder}/run"\n')
    pathlib.Path(f"{folder}/policy.json").write_text('{"default": [{"type": "insecureAcceptAnything"}]}')
    return subprocess.run(["buildah", *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=200,
                          text=True)


def case_buildah_dockerfile(folder):
    """A Dockerfile with a build argument, ENV, LABEL, a RUN that writes a secret and one that removes it."""
    if not shutil.which("buildah") or not os.path.exists("/bin/busybox"):
        raise Skipped("buildah or busybox is not installed")
    os.makedirs(f"{folder}/context/rootfs/bin")
    shutil.copy("/bin/busybox", f"{folder}/context/rootfs/bin/busybox")
    for name in ("sh", "echo", "rm"):
        os.symlink("busybox", f"{folder}/context/rootfs/bin/{name}")
    pathlib.Path(f"{folder}/context/Dockerfile").write_text(DOCKERFILE)
    argument = "npm_" + "q7XcV2bN9mKd4RtZhW8sLp3FyJ6gTu2Ecg4i"
    built = buildah(folder, "bud", "-q", "--layers", "--isolation", "chroot", "--build-arg", f"DEPLOY_TOKEN={argument}",
                    "-t", "localhost/built:1", f"{folder}/context")
    if built.returncode != 0:
        raise Skipped(f"buildah does not run here: {built.stdout.strip()[-300:]}")
    images = []
    for form in (f"docker-archive:{folder}/docker.tar:localhost/built:1", f"oci:{folder}/oci:1", f"oci-archive:{folder}/oci.tar:1"):
        pushed = buildah(folder, "push", "-q", f"--signature-policy={folder}/policy.json", "localhost/built:1", form)
        assert pushed.returncode == 0, pushed.stdout
        images.append(one(":".join(form.split(":")[:2])))
    for found in images[1:]:
        expect_same(images[0], found, "another form of the image that buildah built")
    files = {(path, state) for _, path, state, _ in images[0]}
    assert ("made-by-run.conf", "deleted") in files, images[0]
    report = scan(f"oci:{folder}/oci")[0]["findings"]
    origins = {finding["origin"] for finding in report}
    assert {"env", "label", "history", "file"} <= origins, (origins, images[0])
    run = [finding for finding in report if finding["path"] == "made-by-run.conf"]
    assert "echo" in run[0]["layer"]["created_by"] and TOKENS[0] not in run[0]["layer"]["created_by"], run


def put_blob(out, data, media_type, **more):
    digest = make_image.digest(data)
    os.makedirs(f"{out}/blobs/sha256", exist_ok=True)
    pathlib.Path(f"{out}/blobs/sha256/{digest[7:]}").write_bytes(data)
    return {"mediaType": media_type, "digest": digest, "size": len(data), **more}


MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def platform_image(out, platform, token):
    """Writes one platform's image into a layout; answers its descriptor."""
    image = make_image.build(f"platform {platform}\ncopy . /\nfile etc/{platform.replace('/', '-')}.conf\n  | token {token}\n")
    for path, data in make_image.oci_files(image).items():
        if path.startswith("blobs/"):
            put_blob(out, data, "")
        elif path == "index.json":
            entry = json.loads(data)["manifests"][0]
    system, _, architecture = platform.partition("/")
    return {"mediaType": MANIFEST, "digest": entry["digest"], "size": entry["size"],
            "platform": {"os": system, "architecture": architecture}}


def attestation(out, subject, token):
    """BuildKit's attestation manifest: an in-toto provenance document whose build arguments hold a token."""
    statement = {"_type": "https://in-toto.io/Statement/v0.1", "predicateType": "https://slsa.dev/provenance/v0.2",
                 "subject": [{"name": "pkg:docker/x@1", "digest": {"sha256": subject["digest"][7:]}}],
                 "predicate": {"invocation": {"parameters": {"args": {"build-arg:TOKEN": token}}}}}
    layer = put_blob(out, make_image.dump(statement), "application/vnd.in-toto+json",
                     annotations={"in-toto.io/predicate-type": "https://slsa.dev/provenance/v0.2"})
    config = put_blob(out, make_image.dump({"architecture": "unknown", "os": "unknown", "config": {},
                                            "rootfs": {"type": "layers", "diff_ids": [layer["digest"]]}}),
                      "application/vnd.oci.image.config.v1+json")
    manifest = make_image.dump({"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]})
    return put_blob(out, manifest, MANIFEST, platform={"os": "unknown", "architecture": "unknown"},
                    annotations={"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": subject["digest"]})


def case_platforms_and_provenance(folder):
    """A nested index of two platforms, one of them with a provenance document."""
    out = f"{folder}/multi"
    amd64 = platform_image(out, "linux/amd64", TOKENS[0])
    s390x = platform_image(out, "linux/s390x", TOKENS[1])
    inner = make_image.dump({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json",
                             "manifests": [amd64, s390x, attestation(out, amd64, TOKENS[2])]})
    entry = put_blob(out, inner, "application/vnd.oci.image.index.v1+json", annotations={"org.opencontainers.image.ref.name": "1"})
    pathlib.Path(f"{out}/index.json").write_bytes(make_image.dump({"schemaVersion": 2, "manifests": [entry]}))
    pathlib.Path(f"{out}/oci-layout").write_text('{"imageLayoutVersion":"1.0.0"}')

    def paths(*options):
        return {path for image in scan(f"oci:{out}", *options) for _, path, _, _ in rows(image)}

    assert "etc/linux-s390x.conf" in paths("--platform", "linux/s390x")
    assert "etc/linux-amd64.conf" not in paths("--platform", "linux/s390x")
    every = paths("--all-platforms")
    assert {"etc/linux-s390x.conf", "etc/linux-amd64.conf"} <= every, every
    provenance = [finding for image in scan(f"oci:{out}", "--platform", "linux/amd64") for finding in image["findings"]
                  if finding["path"] != "etc/linux-amd64.conf"]
    assert provenance, "the token in the provenance document is lost"
    if os.uname().machine == "x86_64":
        default = paths()
        assert "etc/linux-amd64.conf" in default and "etc/linux-s390x.conf" not in default, default
    wrong = subprocess.run([SILT, "scan", "--platform", "linux/mips", f"oci:{out}"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert wrong.returncode == 3 and b"mips" in wrong.stderr, (wrong.returncode, wrong.stderr)


def main():
    cases = {name[5:]: function for name, function in globals().items() if name.startswith("case_")}
    names = sys.argv[1:] or list(cases)
    failed, skipped = 0, 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                cases[name](folder)
            except Skipped as why:
                skipped += 1
                print(f"{name}: skipped: {why}")
            except Exception:  # each case is reported by itself
                failed += 1
                print(f"{name}: FAILED")
                traceback.print_exc(limit=2, file=sys.stdout)
    print(f"{len(names) - failed - skipped} passed, {failed} failed, {skipped} skipped")
    sys.exit(1 if failed else 77 if skipped == len(names) else 0)


if __name__ == "__main__":
    main()
