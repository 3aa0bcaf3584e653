/* Containers in containers: what is handed out, under which chain, and what limits say. */
#include "maker.h"
#include "tar_maker.h"

#include "recorder.h"

static struct recording *record_made(const char *script, const char *name)
{
    struct silt_buffer bytes = make(script);
    struct recording *recording = record_file(silt_buffer_span(&bytes), name);
    cr_expect_eq(recording->status, SILT_END);
    silt_buffer_clear(&bytes);
    return recording;
}

static void expect_one(const char *script, const char *name, const char *path)
{
    struct recording *recording = record_made(script, name);
    cr_expect(record_is(find_record(recording, path), "secret\n"), "%s is not there", path);
    cr_expect_eq(recording->skip_count, 0, "%s: %s", script,
                 recording->skip_count > 0 ? recording->skips[0].detail : "");
    if (find_record(recording, path) == NULL || recording->skip_count > 0)
        print_recording(recording);
    recording_free(recording);
}

#define FILE_A "mkdir d; echo secret > d/a;"

Test(walk, formats)
{
    expect_one(FILE_A "tar cf out d", "x.tar", "x.tar!/d/a");
    expect_one(FILE_A "zip -qr out.zip d; mv out.zip out", "x.zip", "x.zip!/d/a");
    expect_one(FILE_A "zip -q0r out.zip d; mv out.zip out", "x.jar", "x.jar!/d/a");
    expect_one(FILE_A "zip -qr - d | cat > out", "x.zip", "x.zip!/d/a");
    expect_one(FILE_A "zip -q0r - d | cat > out", "x.zip", "x.zip!/d/a");
    expect_one(FILE_A "7z a out.7z d; mv out.7z out", "x.7z", "x.7z!/d/a");
    expect_one(FILE_A "find d | cpio -o -H newc > out", "x.cpio", "x.cpio!/d/a");
    expect_one(FILE_A "find d | cpio -o -H odc > out", "x.cpio", "x.cpio!/d/a");
    expect_one(FILE_A "find d | cpio -o -H crc > out", "x.cpio", "x.cpio!/d/a");
    expect_one(FILE_A "cd d; ar rc ../out a", "x.a", "x.a!/a");
}

#define PYTHON_ZIP(mode)                                                                                     \
    FILE_A "python3 -c 'import zipfile; z=zipfile.ZipFile(\"out\",\"w\"," mode "); z.comment=b\"note\"; "    \
           "z.write(\"d/a\"); z.close()'"

Test(walk, zip_methods)
{
    expect_one(PYTHON_ZIP("zipfile.ZIP_STORED"), "x", "x!/d/a");
    expect_one(PYTHON_ZIP("zipfile.ZIP_DEFLATED"), "x", "x!/d/a");
    expect_one(PYTHON_ZIP("zipfile.ZIP_BZIP2"), "x", "x!/d/a");
    expect_one(PYTHON_ZIP("zipfile.ZIP_LZMA"), "x", "x!/d/a");
}

Test(walk, compressed)
{
    expect_one(FILE_A "gzip -c d/a > out", "a.gz", "a.gz!/a");
    expect_one(FILE_A "xz -c d/a > out", "a.xz", "a.xz!/a");
    expect_one(FILE_A "bzip2 -c d/a > out", "a.bz2", "a.bz2!/a");
    expect_one(FILE_A "zstd -qc d/a > out", "a.zst", "a.zst!/a");
    expect_one(FILE_A "gzip -c d/a | xz -c > out", "a.gz.xz", "a.gz.xz!/a.gz!/a");
    expect_one(FILE_A "tar cz d > out", "x.tgz", "x.tgz!/d/a");
    expect_one(FILE_A "tar cJ d > out", "x.tar.xz", "x.tar.xz!/d/a");
}

Test(walk, nested)
{
    expect_one(FILE_A "zip -qr i.zip d; tar czf m.tar.gz i.zip; zip -q out.zip m.tar.gz; mv out.zip out",
               "o.zip", "o.zip!/m.tar.gz!/i.zip!/d/a");
    expect_one(FILE_A "mkdir -p p/DEBIAN; mv d p/; printf 'Package: x\\nVersion: 1\\nArchitecture: all\\n"
                      "Maintainer: a <a@b>\\nDescription: x\\n' > p/DEBIAN/control; dpkg-deb -Zxz -b p "
                      "out.deb; mv out.deb out",
               "x.deb", "x.deb!/data.tar.xz!/d/a");
    expect_one(FILE_A "mkdir -p p/DEBIAN; mv d p/; printf 'Package: x\\nVersion: 1\\nArchitecture: all\\n"
                      "Maintainer: a <a@b>\\nDescription: x\\n' > p/DEBIAN/control; dpkg-deb -Zzstd -b p "
                      "out.deb; mv out.deb out",
               "x.deb", "x.deb!/data.tar.zst!/d/a");
}

/* An initrd: cpios one behind the other, the later ones compressed. */
Test(walk, archives_in_a_row)
{
    expect_one("mkdir e; echo first > e/f; find e | cpio -o -H newc > out; " FILE_A
               "find d | cpio -o -H newc | zstd -qc >> out",
               "initrd", "initrd!/d/a");
    expect_one("mkdir e; echo first > e/f; find e | cpio -o -H newc > out; " FILE_A
               "find d | cpio -o -H newc >> out",
               "initrd", "initrd!/d/a");
}

Test(walk, rpm)
{
    expect_one(
        "command -v rpmbuild || exit 77; " FILE_A "printf 'Name: x\\nVersion: 1\\nRelease: 1\\nSummary: "
        "x\\nLicense: x\\nBuildArch: noarch\\n%%description\\nx\\n"
        "%%install\\nmkdir -p %%{buildroot}/d; echo secret > %%{buildroot}/d/a\\n%%files\\n/d/a\\n' > x.spec;"
        "rpmbuild --define \"_topdir $PWD/r\" -bb x.spec; cp r/RPMS/noarch/*.rpm out",
        "x.rpm", "x.rpm!/d/a");
}

Test(walk, archives_behind_something)
{
    expect_one(FILE_A "(printf 'JM\\001\\000'; zip -qr - d | cat) > out", "x.jmod", "x.jmod!/d/a");
    expect_one(FILE_A "(echo '#!/usr/bin/env python3'; zip -qr - d | cat) > out", "x.pyz", "x.pyz!/d/a");
    expect_one(FILE_A "(echo '#!/bin/sh'; seq 6000; echo exit; zip -qr - d | cat) > out", "x.jar",
               "x.jar!/d/a");
    expect_one(FILE_A "(printf '#!/bin/sh\\nexit\\n'; tar cz d) > out", "x.run", "x.run!/d/a");
    expect_one("mkdir d; echo secret > d/__main__.py; python3 -m zipapp -c -p /usr/bin/python3 -o out d",
               "x.pyz", "x.pyz!/__main__.py");
}

Test(walk, scripts_with_secrets_and_archives)
{
    struct recording *recording =
        record_made(FILE_A "(printf '#!/bin/sh\\n# mine\\n'; zip -qr - d | cat) > out", "x.run");
    cr_assert_gt(recording->count, 0);
    cr_expect_eq(recording->records[0].kind, SILT_ENTRY_RAW);
    cr_expect(record_is(&recording->records[0], "#!/bin/sh\n# mine\n"));
    recording_free(recording);
    recording = record_made("printf '#!/bin/sh\\nPK is text\\n' > out", "x.sh");
    cr_expect(record_is(find_record(recording, "x.sh"), "#!/bin/sh\nPK is text\n"));
    cr_expect_eq(recording->skip_count, 0);
    recording_free(recording);
}

Test(walk, plain_file)
{
    struct recording *recording = record_file(silt_span_text("secret\n"), "a.txt");
    cr_expect_eq(recording->count, 1);
    cr_expect(record_is(find_record(recording, "a.txt"), "secret\n"));
    recording_free(recording);
    recording = record_file(silt_span_of("", 0), "empty");
    cr_expect_eq(recording->count, 1);
    cr_expect(record_is(find_record(recording, "empty"), ""));
    recording_free(recording);
}

Test(walk, target_does_not_stand_in_chains)
{
    struct silt_buffer bytes = make(FILE_A "zip -qr out.zip d; mv out.zip out");
    struct record_options options = {.root = SILT_WALK_FILE, .name = "x.zip", .is_target = true};
    struct recording *recording = record_walk(silt_buffer_span(&bytes), &options);
    cr_expect(record_is(find_record(recording, "d/a"), "secret\n"));
    recording_free(recording);
    silt_buffer_clear(&bytes);
}

Test(walk, depth)
{
    struct silt_buffer bytes =
        make(FILE_A "tar cf 1 d; for i in 2 3 4 5; do tar cf $i $((i-1)); done; mv 5 out");
    struct record_options options = {.name = "5", .root = SILT_WALK_FILE, .limits = {3, 0, 1000, 1 << 28}};
    struct recording *recording = record_walk(silt_buffer_span(&bytes), &options);
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_DEPTH);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "5!/4!/3!/2");
    const struct record *record = find_record(recording, "5!/4!/3!/2");
    cr_assert_not_null(record);
    cr_expect_gt(record->content.size, 10240);
    cr_expect(has_marker(recording, "secret"));
    cr_expect_eq(recording->counts.max_depth, 3);
    recording_free(recording);
    silt_buffer_clear(&bytes);
}

Test(walk, entry_size)
{
    struct silt_buffer tar = {0};
    tar_file(&tar, "a", "0123456789MARK");
    tar_file(&tar, "b", "after");
    tar_end(&tar);
    struct record_options options = {.root = SILT_WALK_TAR, .limits = {3, 10, 1000, 1 << 28}};
    struct recording *recording = record_walk(silt_buffer_span(&tar), &options);
    cr_expect(record_is(find_record(recording, "a"), "0123456789"));
    cr_expect(record_is(find_record(recording, "b"), "after"));
    cr_expect(!has_marker(recording, "MARK"));
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_ENTRY_SIZE);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "a");
    cr_expect_eq(skip->bytes, 4);
    cr_expect_eq(recording->skip_count, 1);
    recording_free(recording);
    silt_buffer_clear(&tar);
}

static void expect_encrypted(const char *script)
{
    struct recording *recording = record_made(script, "x");
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_ENCRYPTED);
    cr_assert_not_null(skip, "%s", script);
    cr_expect_null(find_skip(recording, SILT_SKIP_DAMAGED), "%s", script);
    cr_expect_null(find_skip(recording, SILT_SKIP_HIDDEN), "%s", script);
    if (recording->skip_count != 1)
        print_recording(recording);
    recording_free(recording);
}

Test(walk, encrypted)
{
    expect_encrypted(FILE_A "zip -qP pw -r out.zip d; echo plain > b; zip -q out.zip b; mv out.zip out");
    expect_encrypted(FILE_A "zip -q0P pw -r out.zip d; mv out.zip out");
    expect_encrypted(FILE_A "7z a -ppw -tzip -mem=AES256 out.zip d; mv out.zip out");
    expect_encrypted(FILE_A "7z a -ppw out.7z d; mv out.7z out");
    expect_encrypted(FILE_A "7z a -ppw -mhe=on out.7z d; mv out.7z out");
}

Test(walk, encrypted_zip_goes_on)
{
    struct recording *recording =
        record_made(FILE_A "zip -qP pw -r out.zip d; echo plain > b; zip -q out.zip b; mv out.zip out", "x");
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_ENCRYPTED);
    cr_expect_str_eq(skip->path, "x!/d/a");
    cr_expect(record_is(find_record(recording, "x!/b"), "plain\n"));
    recording_free(recording);
}

/* Both: 7z in memory, when there is none. */
Test(walk, too_large_to_hold)
{
    struct silt_buffer bytes = make("head -c 100000 /dev/urandom > r; 7z a -mx=0 out.7z r; mv out.7z out");
    struct record_options options = {.root = SILT_WALK_FILE, .name = "x", .limits = {3, 0, 1000, 200000}};
    struct recording *recording = record_walk(silt_buffer_span(&bytes), &options);
    cr_expect_not_null(find_skip(recording, SILT_SKIP_MEMORY));
    cr_assert_eq(recording->count, 1);
    cr_expect_eq(recording->records[0].kind, SILT_ENTRY_RAW);
    cr_expect(silt_span_equal(silt_buffer_span(&recording->records[0].content), silt_buffer_span(&bytes)));
    recording_free(recording);
    silt_buffer_clear(&bytes);
}

/* libarchive takes the dictionary that the archive names. */
Test(walk, dictionary_beyond_memory)
{
    struct silt_buffer bytes =
        make("head -c 3000000 /dev/zero > r; echo secret > a; 7z a -md=64m out.7z r a; mv out.7z out");
    struct record_options options = {.root = SILT_WALK_FILE, .name = "x", .limits = {3, 0, 100000, 8 << 20}};
    struct recording *recording = record_walk(silt_buffer_span(&bytes), &options);
    cr_expect_eq(recording->skip_count, 0); /* 7-Zip cuts the dictionary to the data's size */
    cr_expect(record_is(find_record(recording, "x!/a"), "secret\n"));
    recording_free(recording);
    options.limits.max_memory = 4 << 20;
    recording = record_walk(silt_buffer_span(&bytes), &options);
    cr_expect_not_null(find_skip(recording, SILT_SKIP_MEMORY));
    cr_assert_eq(recording->count, 1);
    cr_expect(silt_span_equal(silt_buffer_span(&recording->records[0].content), silt_buffer_span(&bytes)));
    recording_free(recording);
    silt_buffer_clear(&bytes);
}

Test(walk, bombs)
{
    struct recording *recording = record_made(
        "head -c 40000000 /dev/zero | gzip -9 > z.gz; tar cf out z.gz; echo secret > a; tar rf out a", "x");
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_RATIO);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "x!/z.gz");
    cr_expect(record_is(find_record(recording, "x!/a"), "secret\n"));
    recording_free(recording);
    recording = record_made(
        "head -c 40000000 /dev/zero > z; echo secret > a; zip -q9 out.zip z a; mv out.zip out", "x");
    skip = find_skip(recording, SILT_SKIP_RATIO);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "x!/z");
    cr_expect(record_is(find_record(recording, "x!/a"), "secret\n"));
    recording_free(recording);
}

/* 300 central directory entries share one kernel: as a stream the zip is one entry. */
Test(walk, overlapping_zip)
{
    struct recording *recording = record_made(
        "python3 -c '\n"
        "import zlib, struct\n"
        "c=zlib.compressobj(9,zlib.DEFLATED,-15); k=b\"secret\\n\"; d=c.compress(k)+c.flush()\n"
        "l=struct.pack(\"<IHHHHHIIIHH\",0x04034b50,20,0,8,0,0,zlib.crc32(k),len(d),len(k),1,0)+b\"a\"\n"
        "e=b\"\".join(struct.pack(\"<IHHHHHHIIIHHHHHII\",0x02014b50,20,20,0,8,0,0,zlib.crc32(k),len(d),len(k)"
        ",1,0,0,0,0,0,0)+bytes([65+i%26]) for i in range(300))\n"
        "open(\"out\",\"wb\").write(l+d+e+struct.pack(\"<IHHHHIIH\",0x06054b50,0,0,300,300,len(e),len(l+d),0)"
        ")'",
        "x");
    cr_expect(record_is(find_record(recording, "x!/a"), "secret\n"));
    cr_expect_eq(recording->counts.entries, 1);
    cr_expect_eq(recording->skip_count, 0);
    recording_free(recording);
}

/* What only the central directory leads to is not read, and that is said. */
Test(walk, hidden_in_a_zip)
{
    struct recording *recording =
        record_made(FILE_A "zip -q0r a.zip d; printf 'MARK-000-END' > m; python3 -c '\n"
                           "b=open(\"a.zip\",\"rb\").read(); i=b.index(b\"PK\\1\\2\"); "
                           "open(\"out\",\"wb\").write(b[:i]+b\"MARK-000-END\"*3+b[i:])'",
                    "x");
    cr_expect(has_marker(recording, "MARK-000-END"));
    cr_expect(record_is(find_record(recording, "x!/d/a"), "secret\n"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
}

/* libarchive passes over what a directory holds: it comes out raw, and that is said. */
Test(walk, directory_with_content_in_a_zip)
{
    struct recording *recording =
        record_made("python3 -c '\n"
                    "import zipfile\n"
                    "z=zipfile.ZipFile(\"out\",\"w\"); z.writestr(zipfile.ZipInfo(\"x/\"), "
                    "b\"MARK-000-END\"); z.writestr(\"a\", b\"b\"); z.close()'",
                    "x");
    cr_expect(has_marker(recording, "MARK-000-END"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
}

Test(walk, counts)
{
    struct recording *recording = record_made(
        FILE_A "zip -qr i.zip d; tar czf m.tar.gz i.zip; zip -q out.zip m.tar.gz; mv out.zip out", "o.zip");
    cr_expect_eq(recording->counts.archives, 3);
    cr_expect_eq(recording->counts.max_depth, 3);
    cr_expect_eq(recording->counts.entries, 2);
    recording_free(recording);
}

/* A zip that holds itself would never end. */
Test(walk, nesting_without_end)
{
    struct recording *recording = record_made(
        "echo secret > x; for i in $(seq 40); do zip -q y.zip x; mv y.zip x; done; mv x out", "x");
    cr_expect_not_null(find_skip(recording, SILT_SKIP_DEPTH));
    cr_expect_eq(recording->counts.max_depth, 8);
    recording_free(recording);
    recording =
        record_made("echo secret > x; for i in $(seq 40); do gzip -nc x > y; mv y x; done; mv x out", "x");
    cr_expect_not_null(find_skip(recording, SILT_SKIP_DEPTH));
    recording_free(recording);
}

Test(walk, flat)
{
    struct silt_buffer bytes = make(FILE_A "zip -qr i.zip d; tar cf out i.zip d");
    struct record_options options = {.root = SILT_WALK_TAR, .is_flat = true};
    struct recording *recording = record_walk(silt_buffer_span(&bytes), &options);
    cr_expect_not_null(find_record(recording, "i.zip"));
    cr_expect_null(find_record(recording, "i.zip!/d/a"));
    cr_expect(record_is(find_record(recording, "d/a"), "secret\n"));
    recording_free(recording);
    silt_buffer_clear(&bytes);
}

/* A root in random pieces, through every kind of frame. */
Test(walk, pieces_make_no_difference)
{
    struct silt_buffer bytes =
        make(FILE_A "head -c 70000 /dev/urandom > r; zip -qr i.zip d r; tar czf m.tgz i.zip d; 7z a s.7z d;"
                    "find d r | cpio -o -H newc > c; zip -q out.zip m.tgz s.7z c r; mv out.zip out");
    struct recording *whole = record_file(silt_buffer_span(&bytes), "x");
    cr_expect_eq(whole->skip_count, 0);
    for (unsigned seed = 1; seed < 10; seed++) {
        struct record_options options = {.root = SILT_WALK_FILE, .name = "x", .seed = seed};
        struct recording *pieces = record_walk(silt_buffer_span(&bytes), &options);
        cr_expect_eq(whole->count, pieces->count);
        cr_expect(silt_span_equal(silt_buffer_span(&whole->all), silt_buffer_span(&pieces->all)), "seed %u",
                  seed);
        recording_free(pieces);
    }
    recording_free(whole);
    silt_buffer_clear(&bytes);
}

Test(walk, behind_a_compressed_stream)
{
    struct recording *recording =
        record_made(FILE_A "gzip -c d/a > out; printf 'garbage MARK-000-END' >> out; echo hidden | gzip -c "
                           ">> out; printf 'MARK-001-END' >> out",
                    "a.gz");
    cr_expect(record_is(find_record(recording, "a.gz!/a"), "secret\n"));
    cr_expect(has_marker(recording, "MARK-000-END"));
    cr_expect(has_marker(recording, "MARK-001-END"));
    cr_expect(has_marker(recording, "hidden\n"));
    cr_expect_not_null(find_skip(recording, SILT_SKIP_HIDDEN));
    recording_free(recording);
}

Test(walk, damaged_members)
{
    struct recording *recording =
        record_made("yes 'some text that is long enough' | head -c 300000 > a; gzip -c a | head -c 400 > "
                    "a.gz; echo secret > b; tar cf out a.gz b",
                    "x");
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_DAMAGED);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "x!/a.gz");
    cr_expect(record_is(find_record(recording, "x!/b"), "secret\n"));
    cr_expect(has_marker(recording, "some text that is long"));
    recording_free(recording);
    recording = record_made(FILE_A "zip -q0r a.zip d; sed -i s/secret/sEcret/ a.zip; mv a.zip out", "x");
    skip = find_skip(recording, SILT_SKIP_DAMAGED);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "x!/d/a");
    cr_expect(record_is(find_record(recording, "x!/d/a"), "sEcret\n"));
    recording_free(recording);
}

Test(walk, names_in_zips)
{
    struct recording *recording = record_made("python3 -c 'import zipfile; z=zipfile.ZipFile(\"out\",\"w\"); "
                                              "z.writestr(\"gr\\u00fc\\u00df\", \"secret\\n\"); z.close()'",
                                              "x");
    cr_expect(record_is(find_record(recording, "x!/gr\xc3\xbc\xc3\x9f"), "secret\n"));
    recording_free(recording);
    recording = record_made("printf x > $(printf 'caf\\351'); echo secret > $(printf 'caf\\351'); zip -qr "
                            "a.zip caf*; mv a.zip out",
                            "x");
    cr_expect(has_marker(recording, "secret\n"));
    recording_free(recording);
}

Test(walk, known_but_not_read)
{
    struct recording *recording = record_file(silt_span_of("Rar!\x1a\7\1\0MARK-000-END", 20), "x.rar");
    cr_expect(has_marker(recording, "MARK-000-END"));
    const struct recorded_skip *skip = find_skip(recording, SILT_SKIP_UNSUPPORTED);
    cr_assert_not_null(skip);
    cr_expect_str_eq(skip->path, "x.rar");
    recording_free(recording);
}

/* The same walk again over another stream. */
Test(walk, opened_twice)
{
    struct silt_walk_limits limits = {8, 0, 1000, 1 << 28};
    struct silt_report report = {0};
    struct silt_walk *walk;
    cr_assert_eq(silt_walk_new(&limits, &report, &walk, NULL), SILT_OK);
    struct silt_buffer tar = {0};
    tar_file(&tar, "a", "text");
    for (int i = 0; i < 3; i++) {
        struct silt_stream *stream;
        struct silt_entry entry;
        cr_assert_eq(silt_memory_open(silt_buffer_span(&tar), &stream, NULL), SILT_OK);
        struct silt_walk_source source = {.stream = stream, .root = SILT_WALK_TAR};
        cr_assert_eq(silt_walk_open(walk, &source, NULL), SILT_OK);
        cr_expect_eq(silt_walk_next(walk, &entry, NULL), SILT_OK);
        cr_expect(silt_span_is_text(entry.path, "a"));
        if (i == 1) {
            cr_expect_eq(silt_walk_next(walk, &entry, NULL), SILT_OK);
            cr_expect_eq(entry.kind, SILT_ENTRY_RAW);
            cr_expect_eq(silt_walk_next(walk, &entry, NULL), SILT_END);
            cr_expect_eq(silt_walk_next(walk, &entry, NULL), SILT_END);
        }
        cr_assert_eq(silt_walk_open(walk, &source, NULL), SILT_OK);
        silt_stream_free(stream);
    }
    silt_walk_free(walk);
    silt_buffer_clear(&tar);
}
